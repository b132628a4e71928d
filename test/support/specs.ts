import { readFileSync } from 'node:fs';
import type { Response, Test } from 'supertest';
import { expect } from 'vitest';
import type { Service, Tenant } from './service.js';
import { problemOf, runOn } from './service.js';

export type Receipt = {
  specId: string;
  number: number;
  version: number;
  seq: number;
  contentHash: string;
  sectionKey?: string;
  importReport?: ImportReport;
};

export type ImportReport = {
  template: { key: string; version: number };
  sections: { key: string; heading: string; matchedBy: string; confidence: number }[];
  missing: string[];
  unread: { start: number; end: number; reason: string }[];
  bytes: { in: number; out: number };
};

export type SectionJson = {
  key: string;
  heading: string;
  body: string;
  contentHash: string;
  version: number;
  notApplicable: string | null;
};

export type SpecJson = {
  specId: string;
  number: number;
  title: string;
  lifecycle: string;
  template: { key: string; version: number };
  version: number;
  contentHash: string;
  labels: string[];
  owner: string | null;
  relations: { type: string; specId: string }[];
  preamble: string;
  sections: SectionJson[];
  createdAt: string;
  updatedAt: string;
};

export type EventJson = { type: string; version: number; seq: number; data: Record<string, unknown> } & Record<
  string,
  unknown
>;

/** Imports Markdown as a new spec. */
export async function importSpec(tenant: Tenant, markdown: string, query = ''): Promise<Receipt> {
  const answer = await sendMarkdown(tenant.request('post', `/specs${query}`), markdown).expect(201);
  return answer.body as Receipt;
}

export const sendMarkdown = (request: Test, markdown: string): Test =>
  request.set('content-type', 'text/markdown').send(markdown);

/** The spec as JSON; `query` as in `?version=2`. */
export async function readSpec(tenant: Tenant, specId: string, query = ''): Promise<SpecJson> {
  return (await tenant.request('get', `/specs/${specId}${query}`).expect(200)).body as SpecJson;
}

export async function readMarkdown(tenant: Tenant, specId: string, query = ''): Promise<string> {
  return (await tenant.request('get', `/specs/${specId}${query}`).set('accept', 'text/markdown').expect(200)).text;
}

/** The spec's events after a version, oldest first; at most a hundred. */
export async function readEvents(tenant: Tenant, specId: string, after = 0): Promise<EventJson[]> {
  const answer = await tenant.request('get', `/specs/${specId}/events?limit=100&after=${after}`).expect(200);
  return (answer.body as { items: EventJson[] }).items;
}

export const typesOf = (events: readonly EventJson[]): string[] => events.map(({ type }) => type);

/** A problem document with this status and code, and nothing of our inside in it. */
export function expectProblem(answer: Response, status: number, code: string) {
  const problem = problemOf(answer);
  expect({ status: answer.status, code: problem.code }, answer.text.slice(0, 300)).toEqual({ status, code });
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(problem).toMatchObject({ type: `/problems/${code}`, status, requestId: answer.headers['x-request-id'] });
  expect(answer.text).not.toMatch(/node_modules|at .*\.ts:|specline\.\w+/);
  return problem;
}

/** How much is stored, all organizations together: unchanged where a request left nothing behind. */
export async function footprint({ databaseUrl }: Service): Promise<Record<string, unknown>> {
  const tables = ['event', 'stream', 'command', 'spec', 'spec_section', 'template', 'api_key', 'organization'];
  const counts = tables.map((table) => `(select count(*) from specline.${table}) as "${table}"`);
  const numbers = '(select sum(last) from specline.spec_number) as "spec_number"';
  const { rows } = await runOn(databaseUrl, `select ${[...counts, numbers].join(', ')}`);
  return rows[0] ?? {};
}

export type Operation = {
  operationId: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As in the document, `{specId}` and all. */
  path: string;
  body?: { content: Record<string, unknown> };
};

/** Every operation of the committed OpenAPI document. */
export function operations(): Operation[] {
  const file = new URL('../../openapi/openapi.json', import.meta.url);
  type Item = Record<Operation['method'], { operationId: string; requestBody?: Operation['body'] } | undefined>;
  const { paths } = JSON.parse(readFileSync(file, 'utf8')) as { paths: Record<string, Item> };
  return Object.entries(paths).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap((method) => {
      const operation = item[method];
      return operation ? [{ operationId: operation.operationId, method, path, body: operation.requestBody }] : [];
    }),
  );
}

/** A document of sections: heading -> body. */
export const documentOf = (title: string, sections: Record<string, string>): string =>
  `# ${title}\n\n` +
  Object.entries(sections)
    .map(([heading, body]) => `## ${heading}\n${body}\n`)
    .join('');

/** A document for tests that need one, whatever it says. */
export const alerts = documentOf('Alerts', { Overview: 'Old.', Rollout: 'Slow.' });

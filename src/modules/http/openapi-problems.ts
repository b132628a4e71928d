import type { RefusalCode } from '../../commands/refusals.js';
import { refusals } from '../../commands/refusals.js';
import { headersOf } from './openapi-headers.js';

const requestId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b99';
const someone = { id: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02', kind: 'agent', name: 'ci' };
const missed = { version: 7, type: 'spec.section.updated', recordedAt: '2026-11-23T12:00:00.000Z', actor: someone };

/** What a problem says of the case at hand; the title where there is nothing to add. */
const particulars: Partial<Record<RefusalCode, { detail: string } & Record<string, unknown>>> = {
  stale_version: {
    detail: 'It is at 7 now; read it again, or send If-Match: * to overwrite.',
    currentETag: '"7"',
    changes: [missed],
  },
  merge_conflict: {
    detail: 'Settle what is listed, and send the document with the present version in If-Match.',
    conflicts: [
      {
        sectionKey: 'tldr',
        yours: { heading: 'TLDR', body: 'Keep searches.\n', notApplicable: null },
        theirs: { heading: 'TLDR', body: 'Share searches.\n', notApplicable: null, version: 7 },
      },
    ],
  },
  validation_failed: {
    detail: 'title must be shorter than or equal to 300 characters',
    errors: [
      { pointer: '/title', code: 'maxLength', message: 'title must be shorter than or equal to 300 characters' },
    ],
  },
  unknown_query_parameter: { detail: 'There is no parameter "page" here.' },
  section_not_self_contained: { detail: 'Line 3 is a heading of level 2: it would begin a section.', line: 3 },
};

/** `components.examples`: one whole problem for each code; a method that is not there is in no operation. */
export const problemExamples = Object.fromEntries(
  Object.entries(refusals)
    .filter(([code]) => code !== 'method_not_allowed')
    .map(([code, { status, title }]) => {
      const said = particulars[code as RefusalCode] ?? { detail: `${title}.` };
      return [code, { summary: title, value: { type: `/problems/${code}`, title, status, code, requestId, ...said } }];
    }),
);

/** The responses for some codes: one a status, with an example for each code that shares it. */
export function problemResponses(codes: readonly RefusalCode[]): Record<string, object> {
  const statuses = [...new Set(codes.map((code) => refusals[code].status))];
  return Object.fromEntries(statuses.map((status) => [String(status), problemResponse(status, codes)]));
}

function problemResponse(status: number, codes: readonly RefusalCode[]): object {
  const known = Object.keys(refusals) as RefusalCode[];
  const here = known.filter((code) => codes.includes(code) && refusals[code].status === status);
  const examples = Object.fromEntries(here.map((code) => [code, { $ref: `#/components/examples/${code}` }]));
  return {
    description: here.map((code) => `\`${code}\`: ${refusals[code].title}.`).join(' '),
    headers: headersOf([
      'X-Request-Id',
      ...(status === 416 ? (['ETag', 'Accept-Ranges', 'Content-Range'] as const) : []),
      ...(status === 401 ? (['WWW-Authenticate'] as const) : []),
      ...(status === 429 ? (['RateLimit', 'RateLimit-Policy'] as const) : []),
      ...(status === 409 || status === 429 || status === 503 ? (['Retry-After'] as const) : []),
    ]),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples } },
  };
}

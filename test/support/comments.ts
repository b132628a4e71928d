import { createHash } from 'node:crypto';
import type { Tenant } from './service.js';

export type ThreadJson = {
  threadId: string;
  specId: string;
  specVersion: number;
  section: string | null;
  sectionExists: boolean;
  anchor: { status: string; start: number | null; end: number | null; quote: string } | null;
  blocking: boolean;
  status: string;
  openedBy: { id: string; kind: string; name: string };
  resolvedBy: { id: string } | null;
  resolution: string | null;
  body: string;
  comments: number;
  mentions: string[];
  version: number;
};

export type CommentJson = {
  commentId: string;
  author: { id: string; kind: string; name: string };
  body: string;
  mentions: string[];
  suggestion: string | null;
  appliedIn: number | null;
  editedAt: string | null;
  deletedAt: string | null;
  version: number;
};

export type Key = { keyId: string; apiKey: string };

/** An API key that stands for itself. */
export async function keyOf(tenant: Tenant, name: string, role = 'writer', principal = 'human'): Promise<Key> {
  return (await tenant.request('post', '/api-keys').send({ name, role, principal }).expect(201)).body as Key;
}

/** A stretch of a text as `openThread` takes it. */
export function anchorOf(body: string, quote: string, start = body.indexOf(quote)) {
  return { quote, start, contentHash: createHash('sha256').update(body).digest('hex') };
}

/** Opens a thread; its id. */
export async function openThread(tenant: Tenant, specId: string, body: object, apiKey?: string): Promise<string> {
  const sent = { body: 'What is this?', ...body };
  const answer = await tenant.request('post', `/specs/${specId}/threads`, apiKey).send(sent).expect(201);
  return (answer.body as { threadId: string }).threadId;
}

export async function readThread(tenant: Tenant, threadId: string): Promise<ThreadJson> {
  return (await tenant.request('get', `/threads/${threadId}`).expect(200)).body as ThreadJson;
}

/** The ids of a spec's threads; `query` as in `?status=open`. */
export async function threadIds(tenant: Tenant, specId: string, query = '', apiKey?: string): Promise<string[]> {
  const answer = await tenant.request('get', `/specs/${specId}/threads${query}`, apiKey).expect(200);
  return (answer.body as { items: ThreadJson[] }).items.map(({ threadId }) => threadId);
}

export async function readComments(tenant: Tenant, threadId: string): Promise<CommentJson[]> {
  const answer = await tenant.request('get', `/threads/${threadId}/comments?limit=100`).expect(200);
  return (answer.body as { items: CommentJson[] }).items;
}

import { setTimeout } from 'node:timers/promises';

/** Where the service is, in which organization, and how the tour is told. */
export type Stage = { url: string; organizationId: string; tell: (line: string) => void };

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Json = Record<string, unknown>;

/** A refusal's code and what it says. */
type Problem = { code: string; detail: string };

/** Somebody who acts by HTTP, with a key of their own. */
export class Person {
  constructor(
    private readonly stage: Stage,
    readonly name: string,
    readonly memberId: string,
    private readonly apiKey: string,
  ) {}

  /** Reads. @param accept `text/plain` and `text/markdown` give the text as it is */
  async read<T = Json>(path: string, accept = 'application/json'): Promise<T> {
    const answer = await this.send('GET', path, undefined, { accept });
    if (!answer.ok) throw new Error(`${this.name} could not read ${path}: ${await answer.text()}`);
    return (accept === 'application/json' ? await answer.json() : await answer.text()) as T;
  }

  /** Does something, and tells it. @throws Error where the service refuses */
  async does<T = Json>(what: string, method: Method, path: string, body: object | string = {}): Promise<T> {
    const answer = await this.send(method, path, body);
    if (!answer.ok) throw new Error(`${this.name} could not: ${what}: ${await answer.text()}`);
    this.stage.tell(`  ${this.name} ${what}${what.endsWith('."') ? '' : '.'}`);
    return (await answer.json()) as T;
  }

  /** Tries what the service has to refuse by this code, and tells what it says. @throws Error where it does not */
  async fails(what: string, code: string, method: Method, path: string, body: object = {}): Promise<void> {
    const answer = await this.send(method, path, body);
    const problem = (await answer.json()) as Problem;
    if (problem.code !== code) throw new Error(`${this.name} ${what}: ${answer.status} ${JSON.stringify(problem)}`);
    this.stage.tell(`  ${this.name} ${what}, and is told: "${problem.detail}"`);
  }

  private send(
    method: Method,
    path: string,
    body?: object | string,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const { url, organizationId } = this.stage;
    const type = typeof body === 'string' ? 'text/markdown' : 'application/json';
    return fetch(`${url}/v1/organizations/${organizationId}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        ...(body !== undefined && { 'content-type': type, ...(method !== 'GET' && { 'if-match': '*' }) }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }
}

/** Three people and an agent, each a member with a key. */
export type Cast = Record<'ann' | 'ben' | 'cat' | 'bot', Person>;

/** @param apiKey of an administrator of the organization */
export async function gather(stage: Stage, apiKey: string): Promise<Cast> {
  const root = new Person({ ...stage, tell: () => undefined }, 'The administrator', '', apiKey);
  const join = async (name: string, kind: string, role: string) => {
    const { memberId } = await root.does<{ memberId: string }>('adds', 'POST', '/members', { name, kind });
    const key = await root.does<{ apiKey: string }>('issues', 'POST', '/api-keys', { name, role, memberId });
    return new Person(stage, name, memberId, key.apiKey);
  };
  const cast = {
    ann: await join('Ann', 'human', 'writer'),
    ben: await join('Ben', 'human', 'writer'),
    cat: await join('Cat', 'human', 'admin'),
    bot: await join('Bot', 'agent', 'writer'),
  };
  const group = (key: string, title: string, ...members: Person[]) =>
    root.does('groups', 'PUT', `/groups/${key}`, { title, members: members.map(({ memberId }) => memberId) });
  await group('security', 'Security', cast.ben);
  await group('on-call', 'On call', cast.cat);
  await root.does('decides', 'PUT', '/review-policies/tour', {
    title: 'Two people, and security for risks',
    priority: 100,
    requirements: [
      { name: 'peers', from: { anyone: true }, count: 2 },
      { name: 'security', from: { groups: ['security'] }, count: 1, sections: ['risks-*'] },
    ],
    dependenciesApproved: true,
    overrideGroups: ['on-call'],
    reason: 'So that the tour has something to show.',
  });
  return cast;
}

/** Asks until it is so, for 30 seconds. */
export async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    if (Date.now() > end) throw new Error(`it did not come about: ${JSON.stringify(answer)}`);
    await setTimeout(50);
  }
}

import type { Response, Test } from 'supertest';
import type { Member } from './members.js';
import { join } from './members.js';
import type { Tenant } from './service.js';
import { sendMarkdown } from './specs.js';
import type { Receipt, SpecJson } from './specs.js';

/** Ann writes, Ben and Cat review, Bot is an agent, Dan administers: each with a key of their own. */
export type Team = Record<'ann' | 'ben' | 'cat' | 'bot' | 'dan', Member> & { tenant: Tenant };

export const note = '## TLDR\nIn short.\n\n## Risks\nWhat can go wrong.\n';
export const draft = '# Kept searches\n\n## TLDR\nKeep them.\n\n## Risks\nIt MUST be fast.\n';

/** An organization with a team, and a template of two required sections. */
export async function newTeam(tenant: Tenant): Promise<Team> {
  await tenant.request('post', '/templates').send({ key: 'note', title: 'Note', markdown: note }).expect(201);
  return {
    tenant,
    ann: await join(tenant, 'Ann'),
    ben: await join(tenant, 'Ben'),
    cat: await join(tenant, 'Cat'),
    bot: await join(tenant, 'Bot', { kind: 'agent' }),
    dan: await join(tenant, 'Dan', { role: 'admin' }),
  };
}

/** What somebody does to one spec over HTTP. */
export class SpecOf {
  constructor(
    readonly team: Team,
    readonly specId: string,
  ) {}

  /** A draft of Ann's. */
  static async begin(team: Team, markdown = draft): Promise<SpecOf> {
    const request = team.tenant.request('post', '/specs?template=note', team.ann.apiKey);
    const { specId } = (await sendMarkdown(request, markdown).expect(201)).body as Receipt;
    return new SpecOf(team, specId);
  }

  /** A draft of Ann's that she submitted. */
  static async inReview(team: Team, markdown = draft): Promise<SpecOf> {
    const spec = await SpecOf.begin(team, markdown);
    await spec.go('submit', team.ann).expect(200);
    return spec;
  }

  request(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, { apiKey }: { apiKey: string }): Test {
    return this.team.tenant.request(method, `/specs/${this.specId}${path}`, apiKey);
  }

  go(name: string, who: Member, body: object = {}, query = ''): Test {
    return this.request('post', `/transitions/${name}${query}`, who).set('if-match', '*').send(body);
  }

  /** A vote on what is there now, unless the fields say otherwise. */
  async vote(who: Member, fields: object = {}, query = ''): Promise<Response> {
    const { contentHash } = await this.read();
    return this.request('post', `/votes${query}`, who).send({ position: 'approve', contentHash, ...fields });
  }

  edit(who: Member, body: string, sectionKey = 'tldr'): Test {
    return this.request('patch', `/sections/${sectionKey}`, who).set('if-match', '*').send({ body });
  }

  async read(): Promise<SpecJson & Standing> {
    return (await this.request('get', '', this.team.ann).expect(200)).body as SpecJson & Standing;
  }

  async votes(): Promise<VotesJson> {
    return (await this.request('get', '/votes', this.team.ann).expect(200)).body as VotesJson;
  }
}

export type Standing = {
  revision: number;
  inForce?: { revision: number; version: number; contentHash: string; lifecycle: string };
  review: { round: number; votes: number; openConcerns: number };
};
export type VotesJson = {
  items: { voteId: string; standing: string; why: string | null; principal: { id: string; name: string } }[];
  concerns: { concernId: string; resolvedAt: string | null }[];
};

export const because = { reason: 'It is time for it.' };

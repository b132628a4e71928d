import { expect, test } from 'vitest';
import { isMeant } from '../../commands/webhook-parts.commands.js';
import { wants } from './endpoint-match.js';

const spec = { specId: 'a', labels: ['payments', 'core'], template: 'rfc', lifecycle: 'approved' };
const none = { specIds: [], labels: [], templates: [], lifecycles: [] };

test('a pattern means whole parts of a name', () => {
  for (const pattern of ['*', 'spec.*', 'spec.vote.*', 'spec.vote.cast']) {
    expect(isMeant(pattern, 'spec.vote.cast'), pattern).toBe(true);
  }
  for (const pattern of ['spec.vot.*', 'sp.*', 'spec.vote.casts', 'comment.*']) {
    expect(isMeant(pattern, 'spec.vote.cast'), pattern).toBe(false);
  }
});

test('each filter that asks for something must hold, and one that asks for nothing always does', () => {
  const with_ = (filter: object) =>
    wants({ eventTypes: ['*'], filter: { ...none, ...filter } }, 'spec.vote.cast', spec);
  expect(with_({})).toBe(true);
  expect(with_({ specIds: ['A'], labels: ['core'], templates: ['rfc'], lifecycles: ['draft', 'approved'] })).toBe(true);
  for (const filter of [
    { specIds: ['b'] },
    { labels: ['other'] },
    { templates: ['spec'] },
    { lifecycles: ['draft'] },
  ]) {
    expect(with_({ specIds: ['a'], ...filter }), JSON.stringify(filter)).toBe(false);
  }
});

test('what is about no spec passes no filter on specs', () => {
  expect(wants({ eventTypes: ['*'], filter: none }, 'organization.member.added', undefined)).toBe(true);
  const filter = { ...none, labels: ['core'] };
  expect(wants({ eventTypes: ['*'], filter }, 'organization.member.added', undefined)).toBe(false);
});

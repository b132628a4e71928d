import type { PackContent } from '../../commands/compliance-rules.js';
import { packContentHash } from '../../commands/compliance-rules.js';
import { Refusal } from '../../commands/refusals.js';
import { rulePackCommands } from '../../commands/rule-pack.commands.js';
import { rulePackEvents } from '../../events/rule-pack.events.js';
import type { Decider } from '../event-store/decider.js';
import type { RulePackFacts } from './pack-rules.decider.js';
import { contentOf, mustMakeSense } from './pack-rules.decider.js';
import { refuseAgents } from './rule-source.decider.js';

/** A pack in its newest version. */
export type RulePack = PackContent & {
  key: string;
  version: number;
  hash: string;
  publishedAt: string;
  publishedBy: string;
  retiredAt: string | null;
  retiredBy: string | null;
};
export type RulePackState = RulePack | null;

export const rulePackDecider: Decider<RulePackState, typeof rulePackCommands, typeof rulePackEvents> = {
  streamType: 'rule_pack',
  commands: rulePackCommands,
  events: rulePackEvents,
  initial: null,
  bytes: (pack) => 1000 + 2 * JSON.stringify(pack).length,

  decide: {
    'compliance.pack.publish': (state, command) => {
      const { caller, packKey, reason, facts } = command;
      refuseAgents(caller);
      const content = contentOf(command);
      const hash = packContentHash(packKey, content);
      // The same again is no change, even where a statement of it is gone meanwhile.
      if (state?.retiredAt === null && state.hash === hash) return [];
      mustMakeSense(packKey, content, facts as RulePackFacts);
      const { title, rules, allowedIds } = content;
      const version = (state?.version ?? 0) + 1;
      const said = { title, rules: [...rules], allowedIds: [...allowedIds] };
      const data = { packKey, version, hash, ...said, reason, ...changesOf(state, content) };
      return [{ type: 'compliance.pack.published', data }];
    },
    'compliance.pack.retire': (state, { caller, packKey, reason }) => {
      if (!state) throw new Refusal('not_found', 'There is no such rule pack.');
      refuseAgents(caller);
      return state.retiredAt === null ? [{ type: 'compliance.pack.retired', data: { packKey, reason } }] : [];
    },
  },

  evolve: {
    'compliance.pack.published': (_, { packKey: key, version, hash, title, rules, allowedIds }, { at, actor }) => {
      const said = { key, version, hash, title, rules, allowedIds };
      return { ...said, publishedAt: at, publishedBy: actor.id, retiredAt: null, retiredBy: null };
    },
    'compliance.pack.retired': (state, _, { at, actor }) => state && { ...state, retiredAt: at, retiredBy: actor.id },
  },

  tag: (state, version) => (state ? version : null),
  touches: () => true,
  receipt: (state) => ({
    packKey: state?.key,
    packVersion: state?.version,
    hash: state?.hash,
    standing: state?.retiredAt ? 'retired' : 'in_force',
  }),
};

function changesOf(state: RulePackState, { rules }: PackContent): Record<'added' | 'changed' | 'removed', string[]> {
  // Rules are put together with their members in one order.
  const before = new Map((state?.rules ?? []).map((rule) => [rule.key, JSON.stringify(rule)]));
  const keys = new Set(rules.map(({ key }) => key));
  const there = rules.filter(({ key }) => before.has(key));
  return {
    added: rules.flatMap(({ key }) => (before.has(key) ? [] : [key])),
    changed: there.flatMap((rule) => (JSON.stringify(rule) === before.get(rule.key) ? [] : [rule.key])),
    removed: [...before.keys()].filter((key) => !keys.has(key)),
  };
}

import { hash } from 'node:crypto';
import { bounds } from '../../commands/bounds.js';
import type { Caller } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import { ruleSourceCommands } from '../../commands/rule-source.commands.js';
import type { SourceStatement } from '../../events/rule-source.events.js';
import { ruleSourceEvents } from '../../events/rule-source.events.js';
import type { Decider } from '../event-store/decider.js';
import { readRuleStatements } from '../markdown/rule-statements.js';
import { identify } from './statement-identity.decider.js';

/** A statement that a later version of the file has no more, as it last stood: packs may still judge by it. */
export type GoneStatement = SourceStatement & { goneIn: number; blobHash: string; revision: string | null };
export type RuleSource = {
  path: string;
  version: number;
  revision: string | null;
  blobHash: string;
  statements: readonly SourceStatement[];
  gone: readonly GoneStatement[];
  recordedAt: string;
  retiredAt: string | null;
};
export type RuleSourceState = RuleSource | null;

/** Of a file that changes for years, the statements removed last are remembered. */
const mostGone = 2000;

export const ruleSourceDecider: Decider<RuleSourceState, typeof ruleSourceCommands, typeof ruleSourceEvents> = {
  streamType: 'rule_source',
  commands: ruleSourceCommands,
  events: ruleSourceEvents,
  initial: null,
  bytes: (source) => 1000 + 2 * JSON.stringify(source).length,

  decide: {
    'compliance.source.put': (state, { caller, path, markdown, revision = null }) => {
      refuseAgents(caller);
      if (Buffer.byteLength(markdown) > bounds.ruleSourceBytes) {
        const message = `the file is longer than ${bounds.ruleSourceBytes} bytes`;
        const errors = [{ pointer: '/markdown', code: 'maxBytes', message }];
        throw new Refusal('validation_failed', 'The rule file is too large.', { errors });
      }
      const blobHash = hash('sha256', markdown);
      if (state?.retiredAt === null && state.blobHash === blobHash) return [];
      const known = identify(path, state?.statements ?? [], state?.gone ?? [], readRuleStatements(markdown));
      const version = (state?.version ?? 0) + 1;
      return [{ type: 'compliance.source.recorded', data: { path, version, revision, blobHash, markdown, ...known } }];
    },
    'compliance.source.retire': (state, { caller, path, reason }) => {
      if (!state) throw new Refusal('not_found', 'There is no such rule file.');
      refuseAgents(caller);
      return state.retiredAt === null ? [{ type: 'compliance.source.retired', data: { path, reason } }] : [];
    },
  },

  evolve: {
    'compliance.source.recorded': (state, { path, version, revision, blobHash, statements, removed }, { at }) => {
      const standing = new Set(statements.map(({ statementId }) => statementId));
      const left = state ? [...state.gone, ...removedFrom(state, removed, version)] : [];
      const gone = left.filter(({ statementId }) => !standing.has(statementId)).slice(-mostGone);
      return { path, version, revision, blobHash, statements, gone, recordedAt: at, retiredAt: null };
    },
    'compliance.source.retired': (state, _, { at }) => state && { ...state, retiredAt: at },
  },

  tag: (state, version) => (state ? version : null),
  touches: () => true,
  receipt: (state, events) => {
    const recorded = events.find(({ type }) => type === 'compliance.source.recorded')?.data;
    const { added = [], changed = [], removed = [] } = recorded && 'added' in recorded ? recorded : {};
    return {
      path: state?.path,
      sourceVersion: state?.version,
      blobHash: state?.blobHash,
      standing: state?.retiredAt ? 'retired' : 'in_force',
      statements: state?.statements.length,
      ...{ added, changed, removed },
    };
  },
};

const removedFrom = (
  { statements, blobHash, revision }: RuleSource,
  removed: readonly string[],
  goneIn: number,
): GoneStatement[] => {
  const ids = new Set(removed);
  return statements.flatMap((one) => (ids.has(one.statementId) ? [{ ...one, goneIn, blobHash, revision }] : []));
};

/** By what specs are judged is not for agents to say. */
export function refuseAgents({ actor }: Caller): void {
  if (actor.kind === 'agent') throw new Refusal('not_permitted', 'An agent does not change the rules.');
}

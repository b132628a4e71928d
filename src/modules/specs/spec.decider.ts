import type { DomainCommand } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import type { TransitionCommand } from '../../commands/lifecycle.commands.js';
import { lifecycleCommands } from '../../commands/lifecycle.commands.js';
import { CastVote, ResolveConcern, reviewCommands, WithdrawVote } from '../../commands/review.commands.js';
import { progressCommands } from '../../commands/progress.commands.js';
import { dependencyCommands } from '../../commands/dependency.commands.js';
import { holdCommands } from '../../commands/hold.commands.js';
import { overrideCommands, ReviewOverride, UseOverride } from '../../commands/override.commands.js';
import { specCommands } from '../../commands/spec.commands.js';
import { specEvents } from '../../events/spec.events.js';
import type { Decider } from '../event-store/decider.js';
import { assertPreamble, closeText, retitlePreamble } from '../markdown/section-text.js';
import { parseDocument } from '../markdown/document.js';
import { createSpec, importSpec, mustExist, replaceSpec, shortTitle } from './document.decider.js';
import {
  addSection,
  eolOf,
  markApplicable,
  markNotApplicable,
  moveSection,
  mustFit,
  removeSection,
  renameSection,
  updateSection,
} from './section.decider.js';
import { guarded } from './content-change.decider.js';
import { dependencyRules } from './dependency.decider.js';
import { holdRules } from './hold.decider.js';
import { attemptOf, lifecycleRules } from './lifecycle.decider.js';
import { relateSpec, unrelateSpec } from './relation.decider.js';
import type { Check } from './checks.decider.js';
import { overrideRules, reviewChecks, useChecks } from './override.decider.js';
import { progressRules } from './progress.decider.js';
import { checksOf } from './guards.decider.js';
import { transitionNames } from './transitions.decider.js';
import {
  castVote,
  resolutionChecks,
  resolveConcern,
  voteChecks,
  withdrawalChecks,
  withdrawVote,
} from './vote.decider.js';
import type { Spec, SpecState } from './spec-state.decider.js';
import { evolveSpec } from './spec-state.decider.js';

/** All that can be asked of a spec. Of these only those about content can be put into a batch. */
const commands = {
  ...specCommands,
  ...lifecycleCommands,
  ...reviewCommands,
  ...overrideCommands,
  ...dependencyCommands,
  ...progressCommands,
  ...holdCommands,
};

export const specDecider: Decider<SpecState, typeof commands, typeof specEvents> = {
  streamType: 'spec',
  commands,
  events: specEvents,
  initial: null,
  bytes: (spec) => 1000 + 2 * (spec?.preamble.length ?? 0) + 600 * (spec?.sections.length ?? 0) + reviewBytes(spec),

  decide: {
    'spec.document.create': guarded(createSpec),
    'spec.document.import': guarded(importSpec),
    'spec.document.replace': guarded(replaceSpec),
    'spec.document.retitle': guarded((state, { title }) => {
      const spec = mustExist(state);
      if (title === spec.title) return [];
      const preamble = retitlePreamble(spec.preamble, title, eolOf(spec));
      mustFit(spec, Buffer.byteLength(preamble) - Buffer.byteLength(spec.preamble));
      return [{ type: 'spec.document.retitled', data: { title, preamble } }];
    }),
    'spec.document.label': guarded((state, { labels }) => {
      const spec = mustExist(state);
      const same = labels.length === spec.labels.length && labels.every((label) => spec.labels.includes(label));
      return same ? [] : [{ type: 'spec.document.labelled', data: { labels } }];
    }),
    'spec.document.assign_owner': guarded((state, { owner }) =>
      mustExist(state).owner === owner ? [] : [{ type: 'spec.document.owner_assigned', data: { owner } }],
    ),
    'spec.document.relate': guarded((state, command) => relateSpec(mustExist(state), command)),
    'spec.document.unrelate': guarded((state, command) => unrelateSpec(mustExist(state), command)),
    'spec.preamble.update': guarded((state, { preamble }) => {
      const spec = mustExist(state);
      const text = spec.sections.length === 0 ? preamble : closeText(preamble, eolOf(spec));
      if (text === spec.preamble) return [];
      assertPreamble(text);
      mustFit(spec, Buffer.byteLength(text) - Buffer.byteLength(spec.preamble));
      const title = shortTitle(parseDocument(text).title ?? spec.title);
      if (title !== spec.title) return [{ type: 'spec.document.retitled', data: { title, preamble: text } }];
      return [{ type: 'spec.preamble.updated', data: { preamble: text } }];
    }),
    'spec.section.add': guarded(addSection),
    'spec.section.update': guarded(updateSection),
    'spec.section.rename': guarded(renameSection),
    'spec.section.remove': guarded(removeSection),
    'spec.section.move': guarded(moveSection),
    'spec.section.mark_not_applicable': guarded(markNotApplicable),
    'spec.section.mark_applicable': guarded(markApplicable),
    ...lifecycleRules,
    'spec.vote.cast': castVote,
    'spec.vote.withdraw': withdrawVote,
    'spec.concern.resolve': resolveConcern,
    ...overrideRules,
    ...dependencyRules,
    ...progressRules,
    ...holdRules,
  },

  evolve: evolveSpec,

  tag: (spec, version, command) => {
    if (!spec) return null;
    const key = sectionKeyOf(command);
    return key === undefined ? version : (spec.sections.find((section) => section.key === key)?.version ?? null);
  },
  touches: ({ data }, command) => {
    const key = sectionKeyOf(command);
    return key === undefined || ('key' in data && data.key === key) || 'sections' in data;
  },
  receipt: (state, events, specId) => {
    const { number, contentHash, review } = mustExist(state);
    const vote = events.find((event) => event.type === 'spec.vote.cast');
    const override = events.find((event) => event.type === 'spec.override.used');
    const imported = events.find((event) => event.type === 'spec.document.imported');
    const added = events.find((event) => event.type === 'spec.section.added');
    return {
      specId,
      number,
      contentHash,
      lifecycle: review.lifecycle,
      ...(imported && { importReport: imported.data.report }),
      ...(added && { sectionKey: added.data.section.key }),
      ...(vote && { voteId: vote.data.voteId }),
      ...(override && { overrideId: override.data.overrideId }),
    };
  },
  verdict: (state, command, decided) => {
    const trace = traceOf(mustExist(state), command).map(({ guard, met, code, sentence }) => {
      return { guard, met, code, sentence };
    });
    if (!(decided instanceof Refusal)) {
      return { allowed: true, trace, events: decided.map(({ type }) => type) };
    }
    const { code, status, message: detail } = decided;
    return { allowed: false, refusal: { code, status, detail }, trace, events: [] };
  },
};

/** Every condition of a command that can be simulated. */
function traceOf(spec: Spec, command: DomainCommand): Check[] {
  if (command instanceof CastVote) return voteChecks(spec, command);
  if (command instanceof WithdrawVote) return withdrawalChecks(spec, command);
  if (command instanceof ResolveConcern) return resolutionChecks(spec, command);
  if (command instanceof UseOverride) return useChecks(spec, command);
  if (command instanceof ReviewOverride) return reviewChecks(spec, command);
  const asked = transitionNames.find((name) => command instanceof lifecycleCommands[`spec.lifecycle.${name}`]);
  return asked ? checksOf(attemptOf(asked, spec, command as TransitionCommand)) : [];
}

const reviewBytes = (spec: SpecState): number => {
  if (!spec) return 1000;
  const { concerns, votes, overrides, suspects = [], phases = [], holds = [] } = spec.review;
  let bytes = 1000 + 3000 * overrides.length + 300 * suspects.length;
  for (const { reason } of holds) bytes += 500 + 2 * reason.length;
  for (const { text } of concerns) bytes += 1000 + 2 * text.length;
  for (const { comment, conditions } of votes) {
    bytes += 1000 + 4 * (comment?.length ?? 0) + 2 * conditions.reduce((sum, { length }) => sum + length, 0);
  }
  for (const { evidence } of phases) bytes += evidence.reduce((sum, { reference }) => sum + 2 * reference.length, 500);
  return bytes;
};

const sectionKeyOf = (command: object): string | undefined =>
  'sectionKey' in command && typeof command.sectionKey === 'string' ? command.sectionKey : undefined;

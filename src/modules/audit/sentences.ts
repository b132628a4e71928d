import type { Position } from '../../commands/review.commands.js';
import type { lifecycleEvents } from '../../events/lifecycle.events.js';
import type { specEvents } from '../../events/spec.events.js';
import type { EventOf } from '../event-store/decider.js';

/** An event of a spec, as far as it is told. */
export type Told = { type: string; payload: object };

type Event = EventOf<typeof specEvents>;
type Tell<T extends Event['type']> = (data: Extract<Event, { type: T }>['data']) => string;
type Lifecycle = keyof typeof lifecycleEvents;

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
const section = (key: string): string => `section "${key}"`;
const short = (hash: string): string => hash.slice(0, 12);

const ofLifecycle: { [T in Lifecycle]: Tell<T> } = {
  'spec.lifecycle.submitted': ({ revision, contentHash }) =>
    `submitted revision ${revision} (${short(contentHash)}) for review`,
  'spec.lifecycle.returned': () => 'returned it to its authors',
  'spec.lifecycle.approved': ({ revision, policy, voteIds, overrideId }) =>
    `approved revision ${revision} by the policy "${policy.key}" version ${policy.version}, ` +
    (overrideId === null ? `with ${count(voteIds.length, 'vote')}` : 'by an override'),
  'spec.lifecycle.rejected': ({ revision }) => `rejected revision ${revision}`,
  'spec.lifecycle.deferred': () => 'deferred it',
  'spec.lifecycle.withdrawn': ({ revision }) => `withdrew revision ${revision}`,
  'spec.lifecycle.reopened': () => 'reopened it',
  'spec.lifecycle.amended': ({ revision, inForce }) => `opened revision ${revision} beside revision ${inForce}`,
  'spec.lifecycle.started': ({ revision }) => `started to implement revision ${revision}`,
  'spec.lifecycle.completed': ({ revision, evidence }) =>
    `completed the implementation of revision ${revision}, with ${evidence.length} of evidence`,
  'spec.lifecycle.superseded': ({ successorId }) => `had it superseded by ${successorId}`,
  'spec.lifecycle.deprecated': () => 'deprecated it',
  'spec.lifecycle.archived': () => 'archived it',
};

const votes: Record<Position, string> = {
  approve: 'voted for',
  approve_with_conditions: 'voted, with conditions, for',
  concern: 'raised a concern about',
  abstain: 'abstained on',
  request_information: 'asked for information about',
};

/** What each event says, in the past tense and after a name. An event that is not here is told by its type. */
const sentences: { [T in Event['type']]?: Tell<T> } = {
  'spec.document.created': ({ number, title }) => `created SPEC-${number} "${title}"`,
  'spec.document.imported': ({ number, title, sections }) =>
    `imported SPEC-${number} "${title}" with ${count(sections.length, 'section')}`,
  'spec.document.retitled': ({ title }) => `changed the title to "${title}"`,
  'spec.document.labelled': ({ labels }) =>
    labels.length === 0 ? 'removed all labels' : `labelled it ${labels.map((label) => `"${label}"`).join(', ')}`,
  'spec.document.owner_assigned': ({ owner }) => (owner === null ? 'took its owner off' : `made ${owner} its owner`),
  'spec.document.related': ({ type, relatedSpecId }) => `related it: ${type} ${relatedSpecId}`,
  'spec.document.unrelated': ({ type, relatedSpecId }) => `took a relation back: ${type} ${relatedSpecId}`,
  'spec.preamble.updated': () => 'changed what stands before the first section',
  'spec.section.added': (data) => `added the ${section(data.section.key)}`,
  'spec.section.updated': ({ key }) => `changed the ${section(key)}`,
  'spec.section.renamed': ({ key, heading }) => `renamed the ${section(key)} to "${heading}"`,
  'spec.section.removed': ({ key }) => `removed the ${section(key)}`,
  'spec.section.moved': ({ key, position }) => `moved the ${section(key)} to place ${position + 1}`,
  'spec.section.marked_not_applicable': ({ key }) => `marked the ${section(key)} as not applicable`,
  'spec.section.marked_applicable': ({ key }) => `marked the ${section(key)} as applicable again`,
  'spec.vote.cast': ({ position, revision, contentHash, covers, onBehalfOf }) =>
    `${votes[position]} ${covers ? covers.map(section).join(', ') : `revision ${revision}`} ` +
    `(${short(contentHash)})${onBehalfOf === null ? '' : ` on behalf of ${onBehalfOf}`}`,
  'spec.dependency.suspected': ({ relatedSpecId, revision }) =>
    `marked it as suspect: revision ${revision} of ${relatedSpecId} is approved`,
  'spec.dependency.confirmed': ({ relatedSpecId, revision, conclusion }) =>
    `confirmed that it holds with revision ${revision} of ${relatedSpecId}: ${conclusion.trim().replace(/\.$/, '')}`,
  'spec.phase.recorded': ({ phaseKey, title, status, evidence }) =>
    `recorded ${phaseKey} "${title}" as ${status.replace('_', ' ')}, with ${evidence.length} of evidence`,
  'spec.vote.withdrawn': () => 'took a vote back',
  'spec.vote.outdated': ({ voteIds }) => `outdated ${count(voteIds.length, 'vote')}`,
  'spec.concern.resolved': () => 'resolved a concern',
  'spec.override.used': ({ revision, unmet }) =>
    `set the policy aside for revision ${revision}, though ${count(unmet.length, 'condition')} were not met`,
  'spec.override.reviewed': ({ upheld }) => (upheld ? 'upheld an override' : 'did not uphold an override'),
  'spec.hold.placed': ({ holdKey }) => `placed the legal hold "${holdKey}"`,
  'spec.hold.released': ({ holdKey }) => `released the legal hold "${holdKey}"`,
  ...ofLifecycle,
};

/** What an event came to, after the name of whoever did it. */
export function sentenceOf({ type, payload }: Told): string {
  const tell = (sentences as Record<string, ((data: object) => string) | undefined>)[type];
  return tell?.(payload) ?? `recorded: ${type.split('.').slice(1).join(' ').replaceAll('_', ' ')}`;
}

import { bounds } from '../../commands/bounds.js';
import { Refusal } from '../../commands/refusals.js';
import type { RelateSpec, UnrelateSpec } from '../../commands/relation.commands.js';
import type { ReplaceSpec } from '../../commands/replace-spec.commands.js';
import type { SpecEvent } from './differences.decider.js';
import type { Spec } from './spec-state.decider.js';

type Relation = Spec['relations'][number];

/** Which relations would lead back to the spec that is to have them. */
type CircleFacts = { circular: readonly Relation[] };

/** Whether the other end of a relation is there, and whether it would close a circle. */
export type RelationFacts = CircleFacts & { relatedSpecExists: boolean };

/** Which other ends of relations are there, and which would close a circle. */
export type RelationsFacts = CircleFacts & { knownSpecs: ReadonlySet<string> };

export function relateSpec(spec: Spec, { type, relatedSpecId, specId, facts }: RelateSpec): SpecEvent[] {
  const relation = { type, specId: relatedSpecId };
  if (isRelated(spec, relation)) return [];
  const { relatedSpecExists, circular } = facts as RelationFacts;
  mustBeRelatable(specId, relation, relatedSpecExists, circular);
  if (spec.relations.length >= bounds.relations) {
    throw new Refusal('invalid_relation', `A spec has at most ${bounds.relations} relations.`);
  }
  return [{ type: 'spec.document.related', data: { type, relatedSpecId } }];
}

export function unrelateSpec(spec: Spec, { type, relatedSpecId }: UnrelateSpec): SpecEvent[] {
  const isThere = isRelated(spec, { type, specId: relatedSpecId });
  return isThere ? [{ type: 'spec.document.unrelated', data: { type, relatedSpecId } }] : [];
}

/** The relations of a whole new version: what was there may stay, what comes is looked at. */
export function mustBeRelatableToAll(spec: Spec, { specId, relations = [], facts }: ReplaceSpec): void {
  const { knownSpecs, circular } = facts as RelationsFacts;
  const distinct = new Set(relations.map((relation) => `${relation.type} ${relation.specId}`));
  if (distinct.size !== relations.length) throw new Refusal('invalid_relation', 'A relation is named twice.');
  for (const relation of relations) {
    if (!isRelated(spec, relation)) mustBeRelatable(specId, relation, knownSpecs.has(relation.specId), circular);
  }
}

function mustBeRelatable(specId: string, relation: Relation, exists: boolean, circular: readonly Relation[]): void {
  const related = relation.specId;
  if (related === specId) throw new Refusal('invalid_relation', 'A spec cannot be related to itself.');
  if (!exists) throw new Refusal('invalid_relation', `There is no spec ${related} in this organization.`);
  if (circular.some((one) => isSame(one, relation))) {
    const back = relation.type === 'supersedes' ? 'supersedes' : 'depends on';
    throw new Refusal('invalid_relation', `It would close a circle: ${related} ${back} this spec, directly or not.`);
  }
}

const isRelated = (spec: Spec, relation: Relation): boolean => spec.relations.some((one) => isSame(one, relation));

const isSame = (one: Relation, other: Relation): boolean => one.type === other.type && one.specId === other.specId;

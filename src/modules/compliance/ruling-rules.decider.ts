import { Refusal } from '../../commands/refusals.js';
import type { Actor } from '../event-store/decider.js';

/**
 * Who rules, as far as it matters: what kind of principal, whether a present member (or, where an organization has no
 * members, the key itself), and through whose hands the key came, its holder first.
 */
export type RulerFacts = { isHuman: boolean; belongs: boolean; hands: readonly string[] };

/**
 * A ruling to the good of a spec comes from a human who belongs to the organization, and neither from one of those
 * named nor with a key that came from them: what they could do with another key is not another person's word.
 * @throws Refusal `not_permitted`
 */
export function mustBeIndependent(
  { isHuman, belongs, hands }: RulerFacts,
  barred: readonly string[],
  who: string,
): void {
  if (!isHuman || !belongs) {
    throw new Refusal('not_permitted', 'It takes a human who belongs to the organization.');
  }
  if (hands.some((id) => barred.includes(id))) {
    throw new Refusal('not_permitted', `${who} cannot, nor can a key that came from them.`);
  }
}

/** What is asked of a principal of this kind, with what is known of the organization. */
export function rulerOf(
  { id, kind }: Pick<Actor, 'id' | 'kind'>,
  keyId: string | undefined,
  { members, keys }: Belonging,
): RulerFacts {
  const member = members.get(id);
  const key = keys.get(keyId ?? '');
  const isHuman = kind === 'human' && (member === undefined || member.kind === 'human');
  return { isHuman, belongs: members.size === 0 || member !== undefined, hands: [id, ...(key?.issuers ?? [])] };
}

/** The members and keys of an organization. */
export type Belonging = {
  members: ReadonlyMap<string, { kind: string }>;
  keys: ReadonlyMap<string, { issuers: readonly string[] }>;
};

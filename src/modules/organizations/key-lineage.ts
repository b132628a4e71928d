/** Who holds a key, a member or the key itself, and the actor who issued it. */
type Issued = { holder: string; issuedBy: string };

/**
 * Through whose hands keys came: by holder, whoever issued one of the holder's keys, whoever issued one of theirs, and
 * so on up to the first. Whoever is among them could have had the key in hand.
 */
export function lineageOf(keys: readonly Issued[]): ReadonlyMap<string, ReadonlySet<string>> {
  const issuersOf = new Map<string, Set<string>>();
  for (const { holder, issuedBy } of keys) {
    issuersOf.set(holder, (issuersOf.get(holder) ?? new Set()).add(issuedBy));
  }
  return new Map([...issuersOf.keys()].map((holder) => [holder, ancestorsOf(holder, issuersOf)]));
}

/**
 * Through whose hands one key came: its issuer, and whoever could have acted as the issuer. Other keys of the same holder
 * are not asked: who issued one of them has not had this one in hand.
 */
export const handsOf = (issuedBy: string, lineage: ReadonlyMap<string, ReadonlySet<string>>): string[] => [
  ...new Set([issuedBy, ...(lineage.get(issuedBy) ?? [])]),
];

function ancestorsOf(holder: string, issuersOf: ReadonlyMap<string, Set<string>>): Set<string> {
  const found = new Set<string>();
  const open = [holder];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    for (const issuer of issuersOf.get(one) ?? []) {
      if (found.has(issuer)) continue;
      found.add(issuer);
      open.push(issuer);
    }
  }
  return found;
}

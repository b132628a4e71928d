import type { ConfirmedLink, LinkKind } from './evaluation-input.js';
import type { ElementRef } from './evaluation.view.js';

export type LinkStanding = 'confirmed' | 'suspect';

/** The hash that each element of the spec has, by kind and key; several where risks share a title. */
export type ElementHashes = ReadonlyMap<string, ReadonlySet<string>>;

/** How an element is looked up among {@link ElementHashes}. */
export const hashKey = ({ kind, key }: Pick<ElementRef, 'kind' | 'key'>): string => `${kind} ${key}`;

/** A link is suspect once either end has other text than was confirmed, or is gone. */
export function linkStanding({ from, to }: Pick<ConfirmedLink, 'from' | 'to'>, hashes: ElementHashes): LinkStanding {
  const stands = (end: ConfirmedLink['from']) => hashes.get(hashKey(end))?.has(end.hash) === true;
  return stands(from) && (to === null || stands(to)) ? 'confirmed' : 'suspect';
}

/** The links that people confirmed, by the element that they start or end at. */
export class LinkBook {
  private readonly byEnd = new Map<string, { link: ConfirmedLink; standing: LinkStanding }[]>();

  constructor(
    links: readonly ConfirmedLink[],
    readonly hashes: ElementHashes,
  ) {
    for (const link of links) {
      const entry = { link, standing: linkStanding(link, hashes) };
      for (const end of link.to === null ? [link.from] : [link.from, link.to]) {
        const known = this.byEnd.get(hashKey(end));
        if (known) known.push(entry);
        else this.byEnd.set(hashKey(end), [entry]);
      }
    }
  }

  /**
   * Whether an element has a link of the kind, or extends something that exists: `suspect` where there is one and it
   * no longer counts.
   */
  of(element: Pick<ElementRef, 'kind' | 'key'>, kind: LinkKind): LinkStanding | 'none' {
    const entries = (this.byEnd.get(hashKey(element)) ?? []).filter(
      ({ link }) =>
        (link.kind === kind || link.kind === 'extension') && (link.to !== null || Boolean(link.reason?.trim())),
    );
    if (entries.some(({ standing }) => standing === 'confirmed')) return 'confirmed';
    return entries.length > 0 ? 'suspect' : 'none';
  }
}

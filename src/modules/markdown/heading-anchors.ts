/**
 * The anchors of a document's headings, in order of asking: as GitHub makes them, lower case, without punctuation,
 * hyphens for spaces, and `-1`, `-2` behind one that is there already.
 */
export class HeadingAnchors {
  private readonly given = new Map<string, number>();

  /** @param heading its text without markup */
  next(heading: string): string {
    const base = heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    for (let number = this.given.get(base) ?? 0; ; number++) {
      const anchor = number === 0 ? base : `${base}-${number}`;
      if (number > 0 && this.given.has(anchor)) continue;
      this.given.set(base, number + 1);
      if (number > 0) this.given.set(anchor, 1);
      return anchor;
    }
  }
}

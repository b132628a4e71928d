/** Longer headings are compared by their beginning. */
const longestCompared = 300;
const longestSlug = 80;

const numbering = /^(?:§ ?\d+(?:\.\d+)*[.):]?|\d+(?:\.\d+)+[.):]?|\d+[.):]|\d+ ?[—–-](?= )|[IVX]{1,5}[.)](?= )) ?/;
const trailingDate = / ?(?:[—–:-] ?)?[([{]?\d{4}-\d{2}-\d{2}[)\]}]?(?: ?\([^()]*\))?$/;
const optionalMarker = / ?\((?:optional|if applicable|if any)\)$/i;
const pictures =
  /[0-9#*]\ufe0f?\u20e3|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f/gu;

/** Letters that Unicode does not take apart into a Latin letter and a mark. */
const latin: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/**
 * A heading as it is compared with others: without numbering (`1.`, `1.2`, `§3`, `IV.`), pictures, a trailing date
 * with what is remarked on it, a colon or `(Optional)`, in lower case, with `&` as "and", straight quotes and single spaces.
 */
export function normalizeHeading(text: string): string {
  return text
    .slice(0, longestCompared)
    .normalize('NFKC')
    .replace(pictures, '')
    .replace(/[‘’‛]/g, "'")
    .replace(/[“”‟]/g, '"')
    .replace(/&/g, ' and ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(numbering, '')
    .replace(trailingDate, '')
    .replace(optionalMarker, '')
    .replace(/(?<!:) ?:+$/, '')
    .trim()
    .toLowerCase();
}

/** A heading without the trailing `(Optional)` or `(if applicable)` that marks a section of a template. */
export function withoutOptionalMarker(heading: string): string {
  return heading.trimEnd().replace(optionalMarker, '');
}

/** Whether the heading of a template's section marks it as optional. */
export function isMarkedOptional(heading: string): boolean {
  return optionalMarker.test(heading.trimEnd());
}

/**
 * A stable name for a heading, 1 to 80 characters of `[a-z0-9-]`: Latin letters lose their marks, a heading without
 * any gives `section`. A name that is taken gets `-2`, `-3` and so on.
 */
export function slugify(heading: string, taken: ReadonlySet<string>): string {
  const base = trimDashes(
    heading
      .slice(0, longestCompared)
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[\p{M}'’]/gu, '')
      .replace(/[ßæœøłđðþı]/g, (letter) => latin[letter] ?? letter)
      .replace(/[^a-z0-9]+/g, '-'),
  ).slice(0, longestSlug);
  const slug = trimDashes(base) || 'section';
  if (!taken.has(slug)) return slug;
  for (let number = 2; ; number++) {
    const suffix = `-${number}`;
    const numbered = trimDashes(slug.slice(0, longestSlug - suffix.length)) + suffix;
    if (!taken.has(numbered)) return numbered;
  }
}

const trimDashes = (slug: string) => slug.replace(/^-/, '').replace(/-$/, '');

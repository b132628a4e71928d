/**
 * Whether a path fits a glob: `?` is one character and `*` any number of them, neither of them a slash; `**` is any number
 * of folders, also none. Case matters. Needs time in proportion to glob and path, whatever the glob.
 */
export function matchesGlob(glob: string, path: string): boolean {
  return fits(glob.split('/'), path.split('/'));
}

/** Segments of the glob against segments of the path: `**` goes back to where it last stood, never further. */
function fits(globs: readonly string[], segments: readonly string[]): boolean {
  let [glob, segment, star, resumed] = [0, 0, -1, 0];
  while (segment < segments.length) {
    if (globs[glob] === '**') {
      star = glob++;
      resumed = segment;
    } else if (glob < globs.length && fitsSegment(globs[glob] ?? '', segments[segment] ?? '')) {
      glob += 1;
      segment += 1;
    } else if (star >= 0) {
      glob = star + 1;
      segment = ++resumed;
    } else return false;
  }
  while (globs[glob] === '**') glob += 1;
  return glob === globs.length;
}

function fitsSegment(glob: string, segment: string): boolean {
  let [at, on, star, resumed] = [0, 0, -1, 0];
  while (on < segment.length) {
    if (glob[at] === '*') {
      star = at++;
      resumed = on;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === segment[on])) {
      at += 1;
      on += 1;
    } else if (star >= 0) {
      at = star + 1;
      on = ++resumed;
    } else return false;
  }
  while (glob[at] === '*') at += 1;
  return at === glob.length;
}

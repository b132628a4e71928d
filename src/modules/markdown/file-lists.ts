import { codeSpans, plainText } from './inline.js';
import { joined } from './tree.js';
import type { Item } from './tree.js';

export type ListedFile = { file: string; purpose: string | null; item: Item };
export type FileList = { files: ListedFile[]; unread: Item[] };

/** A path names a file with its ending, or a folder with a slash behind it; `/api/doors` and links are none. */
const path = /^(?!\/\S*\/$)(?:[\w@.()[\]{}*<>$+-]+\/)*(?:[\w@()[\]{}*<>$+.-]*\.[a-z][a-z0-9]{0,9})?$/i;
const isPath = (text: string): boolean => text !== '' && text.length <= 300 && path.test(text);
/** Between two paths, white space included. */
const longestJoint = 40;
const separator = /^\**\s*(?:$|[:—–-]\s|[:—–(])/;

/** The paths that an item begins with, and what follows them. */
function pathsOf(source: string): { paths: string[]; rest: string } {
  const paths: string[] = [];
  const text = source.replace(/^\*\*/, '');
  let end = 0;
  for (const span of codeSpans(text)) {
    if (span.start !== end || !isPath(span.text)) break;
    paths.push(span.text);
    end = span.end;
    const next = /^(?:\s*[,;+&]\s*(?:and\s+)?|\s+and\s+)(?=`)/.exec(text.slice(end, end + longestJoint))?.[0];
    if (next === undefined) break;
    end += next.length;
  }
  const rest = text.slice(end);
  if (paths.length > 0) return { paths, rest };
  const [word = ''] = /^[^\s:`*]+(?:\*(?!\*)[^\s:`*]*)*/.exec(rest) ?? [];
  const behind = rest.slice(word.length);
  return isPath(word) && separator.test(behind) ? { paths: [word], rest: behind } : { paths: [], rest: source };
}

/** So far into an item a file is looked for that it does not begin with: a list of files has no longer ones. */
const farthest = 2000;

/** Whether an item names a file somewhere: a path with a folder and an ending, also with a line behind it. */
const namesFile = (source: string): boolean =>
  /(?:^|[\s`(])(?!\w+:\/\/)[\w@.-]{1,200}\/[\w@./()[\]-]{0,200}\.[a-z][a-z0-9]{0,9}(?=$|[\s`:,;)])/i.test(
    source.slice(0, farthest),
  );

/** Files of the items of a list, and of those nested below a folder or below words. */
export function listedFiles(items: readonly Item[], folder = ''): FileList {
  const lists = items.map((item): FileList => {
    const source = joined(item.lines);
    const { paths, rest } = pathsOf(source);
    const nested = item.blocks.flatMap((block) => (block.kind === 'list' ? block.items : []));
    const [first = ''] = paths;
    if (paths.length === 1 && first.endsWith('/') && nested.length > 0) {
      return listedFiles(nested, within(folder, first));
    }
    if (paths.length === 0) {
      const below = listedFiles(nested, folder);
      return namesFile(source) ? { ...below, unread: [item, ...below.unread] } : below;
    }
    const purpose = plainText(rest.replace(/^\**\s*[:—–-]*\s*/, '')) || null;
    return { files: paths.map((file) => ({ file: within(folder, file), purpose, item })), unread: [] };
  });
  return { files: lists.flatMap(({ files }) => files), unread: lists.flatMap(({ unread }) => unread) };
}

/** A path below a folder; one that gives the folder again is whole. */
const within = (folder: string, file: string): string => (file.startsWith(folder) ? file : `${folder}${file}`);

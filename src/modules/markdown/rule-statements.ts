import type { ListItem, RootContent } from 'mdast';
import { Refusal } from '../../commands/refusals.js';
import type { RuleForce } from '../../events/rule-source.events.js';
import { frontMatterEnd } from './front-matter.js';
import { HeadingAnchors } from './heading-anchors.js';
import { codeSpans, plainText } from './inline.js';
import { parsingEffort, reasonNotToParse } from './parsing-effort.js';
import { SourcePositions } from './positions.js';
import { sentencesOf } from './sentences.js';
import { parseBlocks } from './block-syntax.js';
import { cellText, joined, linesBetween, rangeOf } from './tree.js';

/**
 * A sentence, list item, table row or heading that binds. `text` is as it is written, lines without indentation;
 * `anchor` is that of the heading above it, empty before the first; `line` counts from 1.
 */
export type RuleStatement = { force: RuleForce; text: string; anchor: string; line: number };

/** Of one file. */
export const statementLimits = { statements: 2000, characters: 4000 } as const;

/** In capitals only (RFC 8174). "MUST rules" names rules and is none. */
const word = /\b(?:(MUST|SHALL)( NOT| NEVER)?|(SHOULD)( NOT)?|(NEVER)|(ALWAYS))\b(?! rules?\b)/g;
const beginning = /^[\s*_"'(]{0,6}(always|never)\b/i;
const label = /^(?:(always|must)|(never|must not|must never|do not|don't)|(should)|(should not))(?: rules?| do)?:?$/i;

/**
 * The statements of a rule file, in its order: whatever holds MUST, MUST NOT, SHALL, NEVER, ALWAYS, SHOULD or SHOULD NOT in
 * capitals, begins with Always or Never, or is an item of a list under a heading or line that says nothing else. A
 * list item, table row or heading is one statement; of a paragraph each sentence. Code, HTML and front matter state nothing.
 * @throws Refusal `validation_failed` for what is too much or too deeply nested to read, or a statement too long
 */
export function readRuleStatements(markdown: string): RuleStatement[] {
  const refusal = reasonNotToParse(markdown, parsingEffort(markdown));
  if (refusal !== null) throw unreadable(refusal.replace('The section', 'The file'));
  const matter = frontMatterEnd(markdown);
  // Blanks keep every offset where it is; micromark drops a byte order mark.
  const blank = markdown.slice(0, matter).replace(/[^\r\n]/g, ' ');
  const reader = new StatementReader(blank + markdown.slice(matter).replace(/^\ufeff/, ' '));
  reader.read();
  return reader.found;
}

class StatementReader {
  readonly found: RuleStatement[] = [];
  private readonly anchors = new HeadingAnchors();
  private readonly positions: SourcePositions;
  private anchor = '';
  private underHeading: RuleForce | null = null;

  constructor(private readonly text: string) {
    this.positions = new SourcePositions(text);
  }

  read(): void {
    this.blocks(parseBlocks(this.text).children, null);
  }

  /** @param force what the items of the lists among them say without a word of their own */
  private blocks(nodes: readonly RootContent[], force: RuleForce | null): void {
    let labelled: RuleForce | null = null;
    for (const node of nodes) {
      const before = labelled;
      labelled = null;
      if (node.type === 'heading') this.heading(node);
      else if (node.type === 'blockquote') this.blocks(node.children, force);
      else if (node.type === 'list')
        for (const item of node.children) this.item(item, before ?? force ?? this.underHeading);
      else if (node.type === 'paragraph') {
        const source = this.source(node);
        labelled = labelOf(plainText(source));
        if (labelled === null) for (const sentence of sentencesOf(source)) this.add(sentence, node, forceOf(sentence));
      } else if (node.type === 'table') {
        for (const row of node.children.slice(1)) {
          const cells = row.children.map((cell) => cellText(cell).trim()).filter((cell) => cell !== '');
          this.add(cells.join(' | '), row, forceOf(cells.join(' ')));
        }
      }
    }
  }

  private heading(node: RootContent & { type: 'heading' }): void {
    const [first, last] = [node.children[0], node.children.at(-1)];
    const source =
      first && last ? joined(linesBetween(this.text, { start: rangeOf(first).start, end: rangeOf(last).end })) : '';
    const title = plainText(source);
    this.anchor = this.anchors.next(title);
    this.underHeading = labelOf(title);
    if (this.underHeading === null) this.add(source, node, forceOf(source));
  }

  /** What is nested in an item explains it, unless it has words of its own. */
  private item(item: ListItem, force: RuleForce | null): void {
    const [first, ...rest] = item.children;
    const own = first?.type === 'paragraph' ? this.source(first).replace(/^\[[ xX]\][ \t]+/, '') : '';
    const listLabel = labelOf(plainText(own));
    if (first?.type === 'paragraph' && listLabel === null) this.add(own, first, forceOf(own) ?? force);
    const outer = this.underHeading;
    this.underHeading = null;
    this.blocks(first?.type === 'paragraph' ? rest : item.children, listLabel);
    this.underHeading = outer;
  }

  private source = (node: Parameters<typeof rangeOf>[0]): string => joined(linesBetween(this.text, rangeOf(node)));

  private add(text: string, node: Parameters<typeof rangeOf>[0], force: RuleForce | null): void {
    if (force === null || !/\p{L}/u.test(text)) return;
    const line = this.positions.line(rangeOf(node).start);
    const { statements, characters } = statementLimits;
    if (text.length > characters)
      throw unreadable(`The statement in line ${line} is longer than ${characters} characters.`);
    if (this.found.length === statements) throw unreadable(`The file states more than ${statements} rules.`);
    this.found.push({ force, text, anchor: this.anchor, line });
  }
}

/** The strictest word of a text outside code; null where it binds nobody. */
function forceOf(text: string): RuleForce | null {
  const prose = withoutCode(text);
  const forces = [...prose.matchAll(word)].map(([, must, not, should, shouldNot, never]): RuleForce => {
    if (must) return not ? 'must_not' : 'must';
    if (should) return shouldNot ? 'should_not' : 'should';
    return never ? 'never' : 'always';
  });
  const begun = beginning.exec(prose)?.[1]?.toLowerCase() as 'always' | 'never' | undefined;
  return forces.find((force) => !force.startsWith('should')) ?? begun ?? forces[0] ?? null;
}

/** What the items of a list are, whose heading or first line says nothing but that. */
function labelOf(text: string): RuleForce | null {
  const [, must, never, should, shouldNot] = label.exec(text.trim()) ?? [];
  if (must) return must.toLowerCase() === 'always' ? 'always' : 'must';
  if (never) return /^never$/i.test(never) ? 'never' : 'must_not';
  return should ? 'should' : shouldNot ? 'should_not' : null;
}

function withoutCode(text: string): string {
  let prose = '';
  let at = 0;
  for (const { start, end } of codeSpans(text)) {
    prose += `${text.slice(at, start)} `;
    at = end;
  }
  return prose + text.slice(at);
}

const unreadable = (message: string): Refusal =>
  new Refusal('validation_failed', message, { errors: [{ pointer: '/markdown', code: 'rules', message }] });

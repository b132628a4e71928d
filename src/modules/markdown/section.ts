import type { ElementKind, ElementPosition } from './position.view.js';
import { SourcePositions } from './positions.js';
import type { Range } from './positions.js';
import { topicOf } from './topics.js';
import type { Topic } from './topics.js';
import { parseParts } from './tree.js';
import type { Block, Item, Part, Table } from './tree.js';

type Unread = { kind: ElementKind; reason: string; position: ElementPosition };

/** One section, parsed once; every kind of element is read from it. Positions count from its own start. */
export class Section {
  readonly unread: Unread[] = [];
  readonly parts: readonly Part[];
  private readonly positions: SourcePositions;
  private readonly topics: readonly Topic[];

  constructor(
    readonly key: string,
    readonly heading: string,
    readonly source: string,
  ) {
    this.positions = new SourcePositions(source);
    this.parts = parseParts(source);
    this.topics = this.parts.map((part) => topicOf(part, key, heading));
  }

  /** The parts about a topic, in order. */
  about(topic: Topic): Part[] {
    return this.parts.filter((_part, index) => this.topics[index] === topic);
  }

  place(range: Range): ElementPosition {
    return this.positions.place(this.key, range);
  }

  /** Notes that something looks like an element of a kind and was not read. */
  report(kind: ElementKind, reason: string, range: Range): void {
    this.unread.push({ kind, reason, position: this.place(range) });
  }
}

/** The items of all lists among the blocks, not of lists inside items. */
export const itemsOf = (blocks: readonly Block[]): Item[] =>
  blocks.flatMap((block) => (block.kind === 'list' ? block.items : []));

export const tablesOf = (blocks: readonly Block[]): Table[] => blocks.filter((block) => block.kind === 'table');

/** The part and everything below its heading: the parts that name it as a parent. */
export const withSubparts = (parts: readonly Part[], part: Part): Part[] =>
  parts.filter((other) => other === part || other.parents.includes(part));

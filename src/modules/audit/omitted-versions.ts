import type { ChosenLine } from './evidence-pages.queries.js';
import type { OmittedLine } from './evidence-line.js';

/** Says of each stream which of its versions a file leaves out: with its events they are all that the seal covers. */
export class OmittedVersions {
  private last: Pick<ChosenLine, 'streamId' | 'version' | 'head'> | undefined;

  /** What is left out before an event; events come in the order of streams and versions. */
  before({ streamId, version, head }: Omit<ChosenLine, 'line'>): OmittedLine[] {
    const isNext = this.last?.streamId === streamId;
    const lines = isNext ? [] : this.behind();
    const from = (isNext ? (this.last?.version ?? 0) : 0) + 1;
    this.last = { streamId, version, head };
    return from < version ? [...lines, { kind: 'omitted', streamId, from, to: version - 1 }] : lines;
  }

  /** What is left out behind the last event of a stream. */
  behind(): OmittedLine[] {
    const { last } = this;
    this.last = undefined;
    if (!last || last.version >= last.head) return [];
    return [{ kind: 'omitted', streamId: last.streamId, from: last.version + 1, to: last.head }];
  }
}

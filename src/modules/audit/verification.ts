import { chainHash, stateEvent } from '../event-store/history.js';
import { EarlierComparison, EarlierHistory } from './earlier-history.js';
import type { FoundEvent } from './event-alignment.js';
import type { EndLine, EventLine, EvidenceLine, HeaderLine, OmittedLine } from './evidence-line.js';
import { eventsInSeal, readLine } from './evidence-line.js';
import { HistoryVerification } from './history-verification.js';
import type { Seal } from './seal.js';
import { sealHash } from './seal.js';
import { isSignedBy } from './signing.js';
import { SelectionVerification } from './selection-verification.js';
import { SpecVerification } from './spec-verification.js';
import type { TrustedKeys } from './trusted-keys.js';
import type { Problem } from './verification-problem.js';
import { firstEvent, Problems } from './verification-problem.js';

/** What came of verifying a file. */
export type Report = {
  verified: boolean;
  organizationId: string | null;
  /** The spec that the file is about; null for the whole organization. */
  specId: string | null;
  exportedAt: string | null;
  events: number;
  /** How many events of the streams in it a file of some events says that it leaves out. */
  omitted: number;
  seals: number;
  /** The newest seal in the file: keep it, and a later file can be held against it. */
  lastSeal: (Seal & { hash: string }) | null;
  /** The first event, by its place in the organization's history, with which something is wrong. */
  firstEvent: Problem | null;
  /** What is wrong, in the order of the file. */
  problems: Problem[];
  /** How many more there are than are listed. */
  moreProblems: number;
  /** Of a bundle: how many files it has. */
  files?: number;
};

/** What a file is held against, besides the keys. */
export type Witnesses = {
  /** Seals seen earlier: the file must hold them unchanged. */
  seals?: readonly Seal[];
  /** A whole file seen earlier: the file must begin with all that it held. */
  earlier?: EarlierHistory;
};

/** Verifies an evidence file line by line; knows nothing but the file and whom to believe. */
export class Verification {
  private readonly problems = new Problems();
  private header?: HeaderLine;
  private whole?: HistoryVerification;
  private spec?: SpecVerification;
  private selection?: SelectionVerification;
  private lines = 0;
  private events = 0;
  private seals = 0;
  private ended = false;
  /** Seals seen earlier that have not come yet, by their numbers. */
  private readonly known = new Map<number, Seal[]>();
  private readonly comparison?: EarlierComparison;
  /** What is read, where it is to be remembered for a later file. */
  history?: EarlierHistory;

  /** @param remembers whether it takes down the history of an organization that it reads */
  constructor(
    private readonly keys: TrustedKeys,
    { seals = [], earlier }: Witnesses = {},
    private readonly remembers = false,
  ) {
    for (const seal of [...(earlier?.seals ?? []), ...seals]) {
      this.known.set(seal.number, [...(this.known.get(seal.number) ?? []), seal]);
    }
    if (earlier) this.comparison = new EarlierComparison(earlier);
  }

  /** Whether there is any use in reading on. */
  get isHopeless(): boolean {
    return this.lines > 0 && !this.header;
  }

  /**
   * @param text a line without its line feed
   * @param digest SHA-256, hex, over every byte before it
   */
  line(text: string, digest: () => string): void {
    this.lines++;
    let line: EvidenceLine;
    try {
      line = readLine(text);
    } catch (error) {
      this.malformed(error instanceof Error ? error.message : String(error));
      return;
    }
    if (line.kind === 'header') this.begin(line);
    else if (!this.header) this.malformed('the file does not begin with a header: it is no evidence file');
    else if (this.ended) this.malformed('it stands behind the end');
    else if (line.kind === 'end') this.finish(line, digest());
    else this.content(line, this.header);
  }

  /** A line that is longer than any can be, or no UTF-8. */
  unreadable(message: string): void {
    this.lines++;
    this.malformed(message);
  }

  /** The file is over. */
  report(): Report {
    this.body?.end();
    if (!this.ended) this.problems.add({ check: 'truncated', message: 'the file ends before its last line' });
    this.compareKnown();
    this.compareEarlier();
    const { header, problems } = this;
    const seal = this.body?.lastSeal;
    return {
      verified: problems.list.length === 0,
      organizationId: header?.organizationId ?? null,
      specId: header?.specId ?? null,
      exportedAt: header?.exportedAt ?? null,
      events: this.events,
      omitted: this.selection?.omitted ?? 0,
      seals: this.seals,
      lastSeal: seal ? { ...seal, hash: sealHash(seal) } : null,
      firstEvent: firstEvent(problems.list),
      problems: problems.list,
      moreProblems: problems.more,
    };
  }

  private get body(): HistoryVerification | SpecVerification | SelectionVerification | undefined {
    return this.whole ?? this.spec ?? this.selection;
  }

  private begin(line: HeaderLine): void {
    if (this.header || this.lines > 1) {
      this.malformed('a header stands on the first line only');
      return;
    }
    this.header = line;
    const trust = { keys: this.keys, organizationId: line.organizationId };
    const isWhole = line.specId === null && !line.selection;
    if (isWhole && this.remembers) this.history = new EarlierHistory(line.organizationId);
    if (line.selection) this.selection = new SelectionVerification(trust, this.problems);
    else if (line.specId === null) this.whole = new HistoryVerification(trust, this.problems);
    else this.spec = new SpecVerification(line.specId, trust, this.problems);
  }

  private content(line: Exclude<EvidenceLine, HeaderLine | EndLine>, { organizationId }: HeaderLine): void {
    if (line.kind === 'key') {
      const fault = this.keys.add(line.key);
      if (fault)
        this.problems.add({ check: 'bad_key', message: `the key ${line.key.keyId}: ${fault}`, line: this.lines });
    } else if (line.kind === 'seal') {
      this.seals++;
      this.compareSeal(line.seal);
      this.body?.seal(line, this.lines);
      this.history?.add(line.seal, line.hashes ?? []);
    } else if (line.kind === 'missing') this.body?.missing(line);
    else if (line.kind === 'omitted') this.omit(line);
    else if (this.whole && this.whole.waiting > 2 * eventsInSeal) this.malformed('too many events without a seal');
    else this.event(line, organizationId);
  }

  private omit(line: OmittedLine): void {
    if (this.selection) this.selection.leftOut(line, this.lines);
    else this.malformed('only a file of some events leaves any out');
  }

  private event(line: EventLine, organizationId: string): void {
    this.events++;
    const { event, position, previousHash, hash: stated, proof = [] } = line;
    if (event.organizationId !== organizationId) {
      const message = `it is an event of the organization ${event.organizationId}`;
      const { streamId, version, eventId } = event;
      const at = { line: this.lines, position: position ?? undefined, streamId, version, eventId };
      this.problems.add({ check: 'wrong_organization', message, ...at });
    }
    const { streamId, version, eventId } = event;
    const computed = chainHash(previousHash, stateEvent(event));
    const found: FoundEvent = {
      line: this.lines,
      position,
      streamId,
      version,
      eventId,
      previousHash,
      hash: computed,
      stated,
    };
    this.whole?.event(found);
    this.spec?.event(found, proof);
    this.selection?.event(found, proof);
    if (this.whole) this.comparison?.event(found);
  }

  private finish({ kind: _, signature, ...statement }: EndLine, digest: string): void {
    this.ended = true;
    const { keyId, events, lines } = statement;
    const fault = (check: Problem['check'], message: string) => this.problems.add({ check, message, line: this.lines });
    const key = this.keys.find(keyId);
    if (!key) fault('unknown_key', `the file is signed by the key ${keyId}, which is not one to be believed`);
    else if (!isSignedBy('specline-evidence-v1', statement, signature, key)) {
      fault('file_altered', 'the signature at the end is not one over this end');
    }
    if (statement.digest !== digest)
      fault('file_altered', `the file was signed with the SHA-256 ${statement.digest}, and has ${digest}`);
    if (lines !== this.lines - 1)
      fault('file_altered', `the file was signed with ${lines} lines, and has ${this.lines - 1}`);
    if (events !== this.events)
      fault('file_altered', `the file was signed with ${events} events, and has ${this.events}`);
  }

  private compareSeal(seal: Seal): void {
    const kept = this.known.get(seal.number) ?? [];
    const isOwn = ({ organizationId }: Seal) => organizationId === this.header?.organizationId;
    this.known.set(
      seal.number,
      kept.filter((one) => !isOwn(one)),
    );
    if (kept.filter(isOwn).every((one) => sealHash(one) === sealHash(seal))) return;
    const message = 'it is not the seal of this number that was seen earlier';
    this.problems.add({ check: 'forked_seal', message, line: this.lines, seal: seal.number });
  }

  /** Seals seen earlier that the file leaves out, and with them what they sealed. The file of a spec has but one. */
  private compareKnown(): void {
    const last = this.body?.lastSeal?.number ?? 0;
    for (const { number, organizationId } of [...this.known.values()].flat()) {
      if (organizationId !== this.header?.organizationId) {
        const message = `the seal seen earlier is one of the organization ${organizationId}`;
        this.problems.add({ check: 'wrong_organization', message, seal: number });
      } else if (this.whole || number > last) {
        const message = `the file ends with seal ${last}, and has not seal ${number}, which was seen earlier`;
        this.problems.add({ check: 'missing_seal', message, seal: number });
      }
    }
  }

  /** What the earlier file shows to be wrong, and has not come to light without it. */
  private compareEarlier(): void {
    if (!this.comparison || !this.whole || this.comparison.organizationId !== this.header?.organizationId) return;
    const nameOf = ({ check, position, eventId }: Problem) => `${check} ${position} ${eventId}`;
    const found = new Set(this.problems.list.map(nameOf));
    this.problems.add(...this.comparison.end().filter((problem) => !found.has(nameOf(problem))));
  }

  private malformed(message: string): void {
    this.problems.add({ check: 'malformed_line', message, line: this.lines });
  }
}

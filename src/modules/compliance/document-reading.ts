import { firstOfEachRoute } from '../markdown/api-contracts.js';
import type { ComplianceReport } from '../markdown/compliance-report.view.js';
import type { ChangelogEntry } from '../markdown/delivery-elements.view.js';
import { distinctNames } from '../markdown/elements.js';
import { effortLimits } from '../markdown/parsing-effort.js';
import type { ElementPosition } from '../markdown/position.view.js';
import type { EvaluatedSection, EvaluatedSpec } from './evaluation-input.js';
import type { Evidence } from './evaluation.view.js';
import { readSection, sha256 } from './section-reading.js';
import type { ContractFact, ModelFact, NameFact, RiskFact, SectionReading } from './section-reading.js';

/** What was read of sections, by an id of their text; an LRU cache that the caller owns fits. */
export type SectionMemo = {
  get(id: string): SectionReading | undefined;
  set(id: string, reading: SectionReading): unknown;
};

/** A section where it stands: how many lines and bytes are before it. */
export type PlacedSection = { section: EvaluatedSection; reading: SectionReading; line: number; start: number };

/** The key under which evidence names what stands before the first section. */
export const preambleKey = 'preamble';
const excerptLength = 300;

/** A whole document, read section by section, with the joins that several checks ask for. */
export class DocumentReading {
  readonly preamble: SectionReading;
  readonly sections: readonly PlacedSection[];
  readonly contracts: readonly ContractFact[];
  readonly risks: readonly RiskFact[];
  readonly models: readonly ModelFact[];
  readonly commands: readonly NameFact[];
  readonly events: readonly NameFact[];
  private readonly byKey: ReadonlyMap<string, PlacedSection>;
  private readonly bytes = new Map<string, Buffer>();

  constructor(
    readonly spec: EvaluatedSpec,
    memo?: SectionMemo,
  ) {
    this.preamble = remembered(memo, `${preambleKey} ${sha256(spec.preamble)}`, () =>
      readSection(preambleKey, '', '', spec.preamble),
    );
    let [line, start, budget] = [this.preamble.lines, this.preamble.bytes, effortLimits.document as number];
    this.sections = spec.sections.map((section) => {
      const { key, heading, headingSource, body, contentHash } = section;
      const id = `${key} ${contentHash} ${headingSource}`;
      const whole = remembered(memo, id, () => readSection(key, heading, headingSource, body));
      budget -= whole.effort;
      const reading = budget < 0 ? remembered(memo, `unread ${id}`, () => unreadBy(whole)) : whole;
      const placed = { section, reading, line, start };
      line += reading.lines;
      start += reading.bytes;
      return placed;
    });
    this.byKey = new Map(this.sections.map((placed) => [placed.section.key, placed]));
    const readings = this.sections.map(({ reading }) => reading);
    this.contracts = firstOfEachRoute(readings.flatMap(({ contracts }) => contracts));
    this.risks = readings.flatMap(({ risks }) => risks);
    this.models = readings.flatMap(({ models }) => models);
    ({ commands: this.commands, events: this.events } = distinctNames(readings));
  }

  section(key: string): PlacedSection | undefined {
    return this.byKey.get(key);
  }

  /** Every section that applies: those that were marked as not applicable say nothing that could be wrong. */
  get applicable(): readonly PlacedSection[] {
    return this.sections.filter(({ section }) => section.notApplicable === null);
  }

  /** The author's newest report; of several of one date, or without one, the first. */
  get report(): ComplianceReport | undefined {
    const reports = this.sections.flatMap(({ reading }) => reading.elements.complianceReports);
    const newest = reports.reduce((latest, { date }) => (date !== null && date > latest ? date : latest), '');
    return reports.find(({ date }) => (date ?? '') === newest) ?? reports[0];
  }

  get changelog(): readonly ChangelogEntry[] {
    return this.sections.flatMap(({ reading }) => reading.elements.changelog);
  }

  /** Paths of files that the spec names: those of its manifest, and every path that is set as code. */
  get paths(): readonly string[] {
    const named = this.sections.flatMap(({ reading }) => [
      ...reading.elements.fileManifest.map(({ file }) => file),
      ...reading.paths,
    ]);
    return [...new Set(named)];
  }

  /** The text at a position that counts from the start of its section. */
  evidence(position: ElementPosition): Evidence {
    const placed = this.byKey.get(position.section);
    const [line, start] = placed ? [placed.line, placed.start] : [0, 0];
    const bytes = this.bytesOf(position.section).subarray(position.start, position.end);
    return {
      sectionKey: position.section,
      line: position.line + line,
      endLine: position.endLine + line,
      start: position.start + start,
      end: position.end + start,
      hash: sha256(bytes),
      excerpt: excerptOf(bytes),
    };
  }

  /** A section as a whole, or its heading. */
  sectionEvidence({ section, reading }: PlacedSection, part: 'heading' | 'whole' = 'heading'): Evidence {
    const end = part === 'whole' ? reading.bytes : Buffer.byteLength(section.headingSource.trimEnd());
    const endLine = part === 'whole' ? Math.max(1, reading.lines) : 1;
    return this.evidence({ section: section.key, line: 1, endLine, start: 0, end });
  }

  private bytesOf(key: string): Buffer {
    const known = this.bytes.get(key);
    if (known) return known;
    const section = this.byKey.get(key)?.section;
    const bytes = Buffer.from(section ? section.headingSource + section.body : this.spec.preamble);
    this.bytes.set(key, bytes);
    return bytes;
  }
}

function remembered(memo: SectionMemo | undefined, id: string, read: () => SectionReading): SectionReading {
  const known = memo?.get(id);
  if (known) return known;
  const reading = read();
  memo?.set(id, reading);
  return reading;
}

const unreadBy = ({ bytes, lines, effort, hash, blank }: SectionReading): SectionReading => ({
  ...readSection('', '', '', ''),
  ...{ bytes, lines, effort, hash, blank },
  refusal: 'The sections before have used up what is read of one document.',
});

/** At most 300 characters, cut between code points. */
function excerptOf(bytes: Buffer): string {
  const text = bytes
    .subarray(0, 4 * excerptLength)
    .toString()
    .slice(0, excerptLength);
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text.replace(/\uFFFD$/, '');
}

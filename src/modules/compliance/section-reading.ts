import { hash } from 'node:crypto';
import type { ApiContract, CommandMention, DataModel } from '../markdown/design-elements.view.js';
import type { Risk } from '../markdown/delivery-elements.view.js';
import { openSection, readElements } from '../markdown/elements.js';
import type { SpecElements } from '../markdown/elements.view.js';
import { parsingEffort, reasonNotToParse } from '../markdown/parsing-effort.js';
import type { ElementPosition } from '../markdown/position.view.js';
import { Section } from '../markdown/section.js';
import type { Part } from '../markdown/tree.js';
import { nameKey } from './names.js';
import { readProse } from './prose.js';
import { mentionsIn } from './routes-and-names.js';
import type { Mentions } from './routes-and-names.js';
import { isBlank, isUndecided, ownText } from './section-text.js';

/** Its `position` counts from the start of the section; `hash` is the SHA-256 of its bytes. */
type Hashed = { hash: string };
type Placed = { position: ElementPosition };

export type HeadingFact = Placed & {
  depth: number;
  title: string;
  /** The lines of text below it, without those below its subheadings. Only of risks; else empty. */
  lines: string[];
  /** Whether nothing but "TBD" or the like stands below it. */
  undecided: boolean;
};
/** `heading`: what the contract stands under. `alone`: it is the only write there. */
export type ContractFact = ApiContract & Hashed & { mentions: Mentions; headings: string[]; saysCached: boolean };
export type RiskFact = Risk & Hashed & { mentions: Mentions };
export type ModelFact = DataModel & Hashed;
export type NameFact = CommandMention & Hashed;

/** What is kept of one section: it depends on the section's text and key alone, wherever the section stands. */
export type SectionReading = {
  lines: number;
  bytes: number;
  effort: number;
  refusal: string | null;
  blank: boolean;
  undecided: boolean;
  /** Its text where that is short. */
  short: string | null;
  headings: HeadingFact[];
  links: (Placed & { target: string })[];
  phrases: (Placed & { text: string })[];
  paths: string[];
  anchors: string[];
  contracts: ContractFact[];
  risks: RiskFact[];
  /** Bold words that lines of the risks start with. */
  riskLeads: string[];
  models: ModelFact[];
  commands: NameFact[];
  events: NameFact[];
  /** Names in the parts about the API, as keys. */
  apiNames: string[];
  /** What the section, and what its parts about caching, speak of. */
  mentions: Mentions;
  cacheMentions: Mentions | null;
  elements: Pick<SpecElements, 'complianceReports' | 'changelog' | 'fileManifest'>;
  hash: string;
};

export const sha256 = (bytes: Buffer | string): string => hash('sha256', bytes);

/** About how much memory a reading takes, in bytes: its texts are pieces of the section's, some of them twice. */
export const bytesKept = ({ bytes }: SectionReading): number => 2000 + 6 * bytes;

/** Reads one section; `refusal` says why it is not parsed. Never throws. */
export function readSection(key: string, heading: string, headingSource: string, body: string): SectionReading {
  const source = headingSource + body;
  const { effort, ...parsing } = parsingEffort(source);
  const opened = openSection({ key, heading, source }, reasonNotToParse(source, { effort, ...parsing }));
  const bytes = Buffer.from(source);
  const plain = { bytes: bytes.length, lines: lineBreaks(source), effort, hash: sha256(bytes) };
  if (!(opened instanceof Section)) return { ...unread, ...plain, refusal: opened.reason };

  const elements = readElements(opened);
  const hashed = <Found extends Placed>(found: Found): Found & Hashed => ({ ...found, hash: sha256(textOf(found)) });
  const textOf = ({ position }: Placed) => bytes.subarray(position.start, position.end);
  const prose = readProse(opened);
  const place = ({ start, end }: { start: number; end: number }) => opened.place({ start, end });
  const risky = new Set(opened.about('risks'));
  const text = body.length < 2000 ? ownText(opened.parts[0]?.blocks ?? []) : null;
  const reporting = new Set(opened.about('compliance'));
  const caching = opened.parts.filter((part) => /\bcach(?:e|es|ed|ing)\b/i.test(part.title) && !reporting.has(part));
  const contractOf = contractReader(opened);
  return {
    ...plain,
    refusal: null,
    blank: isBlank(body),
    undecided: opened.parts.length <= 1 && isUndecided(text ?? ''),
    short: opened.parts.length <= 1 && text !== null && text.length <= 200 ? text : null,
    headings: opened.parts.map((part, index) => ({
      depth: part.depth,
      title: part.title,
      lines: risky.has(part) ? ownText(part.blocks).split('\n').filter(Boolean) : [],
      undecided: index > 0 && part.end - part.headingEnd < 200 && isUndecided(ownText(part.blocks)),
      position: place({ start: part.start, end: part.headingEnd }),
    })),
    links: prose.links.map(({ text: target, ...range }) => ({ target, position: place(range) })),
    phrases: prose.phrases.map(({ text: words, ...range }) => ({ text: words, position: place(range) })),
    paths: prose.paths,
    anchors: !source.includes('="')
      ? []
      : [...source.matchAll(/\s(?:id|name)="([^"]{1,200})"/g)].map((match) => match[1] ?? ''),
    contracts: elements.apiContracts.map((contract) => contractOf(hashed(contract), textOf(contract).toString())),
    risks: elements.risks
      .filter(isRisk)
      .map((risk) => ({ ...hashed(risk), mentions: mentionsIn(textOf(risk).toString()) })),
    riskLeads: [...risky].flatMap((part) =>
      [...ownText(part.blocks).matchAll(/^\*\*([^*\n]{1,100})\*\*/gm)].map((match) => match[1] ?? ''),
    ),
    models: elements.dataModels.map(hashed),
    commands: elements.commands.map(hashed),
    events: elements.events.map(hashed),
    apiNames: namesIn(opened.about('apiContracts'), source),
    mentions: key === 'ui-ux' ? mentionsIn(source) : { routes: [], names: [] },
    cacheMentions:
      caching.length === 0 ? null : mentionsIn(caching.map((part) => source.slice(part.start, part.end)).join('\n')),
    elements: {
      complianceReports: elements.complianceReports,
      changelog: elements.changelog,
      fileManifest: elements.fileManifest,
    },
  };
}

/** A bullet that only happens to start with the name of a field, such as a blast radius, is no risk. */
const isRisk = ({ title }: Risk): boolean =>
  !/^(?:affected(?: areas?)?|area|blast radius|consequence|effect|impact|residual(?: risks?)?)$/i.test(title ?? '');

/** Gives a contract the headings it stands under and what its text mentions. */
function contractReader(section: Section): (contract: ApiContract & Hashed, text: string) => ContractFact {
  const parts = section.parts.map((part) => ({
    part,
    ...section.place({ start: part.start, end: Math.max(part.end, part.headingEnd) }),
  }));
  return (contract, text) => {
    const within = parts.findLast(({ start }) => start <= contract.position.start)?.part;
    const headings = within === undefined ? [] : [within.title, ...within.parents.map(({ title }) => title)];
    return {
      ...contract,
      headings,
      mentions: mentionsIn(text),
      saysCached: /\bcach(?:e|ed|es|ing|eable)\b|\betag\b/i.test(text),
    };
  };
}

function namesIn(parts: readonly Part[], source: string): string[] {
  const names = parts.flatMap((part) => source.slice(part.start, part.end).match(/[A-Za-z]\w{2,80}/g) ?? []);
  return [...new Set([...new Set(names)].map(nameKey))];
}

const lineBreaks = (source: string): number => source.match(/\r\n?|\n/g)?.length ?? 0;

const nothing: Mentions = { routes: [], names: [] };
const unread = {
  ...{ blank: false, undecided: false, short: null, headings: [], links: [], phrases: [], paths: [], anchors: [] },
  ...{ contracts: [], risks: [], riskLeads: [], models: [], commands: [], events: [], apiNames: [] },
  ...{ mentions: nothing, cacheMentions: null },
  elements: { complianceReports: [], changelog: [], fileManifest: [] },
};

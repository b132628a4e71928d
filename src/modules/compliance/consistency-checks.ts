import { isBareNothing } from './section-text.js';
import type { Check, CheckResult, Gap, Subject } from './checks.js';
import { basisOf, elementRef, gapAt, headingsOf } from './checks.js';
import type { PlacedSection } from './document-reading.js';
import type { LinkKind } from './evaluation-input.js';
import type { ElementRef } from './evaluation.view.js';
import { nameKey, wordsOf } from './names.js';
import { isHeadedAlike, isNamedAlike, isWrite, mentionsRoute, namesInPath } from './routes-and-names.js';
import type { ContractFact, ModelFact, NameFact } from './section-reading.js';

/** How a route is called in findings and links. */
export const routeKey = ({ method, normalizedPath }: Pick<ContractFact, 'method' | 'normalizedPath'>): string =>
  `${method} ${normalizedPath}`;

const routeOf = ({ method, normalizedPath }: ContractFact) => ({ method, path: normalizedPath });
const refOf = (contract: ContractFact): ElementRef => elementRef('route', routeKey(contract), contract.hash);

type Joined<Element> = {
  elements: readonly Element[];
  of: string;
  ref: (element: Element) => ElementRef;
  kind: LinkKind;
  linked: (element: Element) => boolean;
  missing: (ref: ElementRef) => string;
};

/** Every element must be linked: by what the text states by name, or by what somebody confirmed. Nothing is guessed. */
function join<Element extends { position: ContractFact['position'] }>(
  { document, links }: Subject,
  { elements, of, ref, kind, linked, missing }: Joined<Element>,
): CheckResult {
  const gaps = elements.flatMap((element): Gap[] => {
    if (linked(element)) return [];
    const own = ref(element);
    const standing = links.of(own, kind);
    if (standing === 'confirmed') return [];
    const message =
      missing(own) + (standing === 'suspect' ? ' The link that was confirmed is suspect: its text changed.' : '');
    return [gapAt(document, own, element.position, message, 'not_linked')];
  });
  return { looked: elements.length, of, basis: basisOf(document, elements), gaps };
}

const writesOf = ({ document }: Subject): ContractFact[] =>
  document.contracts.filter((contract) => isWrite(routeOf(contract)) && !answersWithList(contract));

/** A POST that answers with the list that its path names, `POST /rates` with `{"rates": [...]}`, asks for it. */
function answersWithList({ method, normalizedPath, response }: ContractFact): boolean {
  const last = normalizedPath.slice(normalizedPath.lastIndexOf('/') + 1);
  return method === 'POST' && /^\w{2,80}$/.test(last) && new RegExp(`"${last}"\\s*:\\s*\\[`).test(response ?? '');
}

/** The commands that a text links to a route: named in the contract, or the same words as the route or its heading. */
function commandsOf(
  contract: ContractFact,
  commands: readonly NameFact[],
  writes: readonly ContractFact[],
): NameFact[] {
  const heading = contract.headings[0] ?? '';
  const alone =
    writes.filter((other) => other.position.section === contract.position.section && other.headings[0] === heading)
      .length === 1;
  return commands.filter(
    ({ name }) =>
      contract.mentions.names.includes(name) ||
      isNamedAlike(routeOf(contract), name) ||
      (alone && isHeadedAlike(heading, name)),
  );
}

export const commandsMutations: Check = (subject) => {
  const writes = writesOf(subject);
  if (writes.length === 0) return { nothing: 'No route writes.' };
  return join(subject, {
    ...{ elements: writes, of: 'routes that write', ref: refOf, kind: 'route_command' },
    linked: (contract) => commandsOf(contract, subject.document.commands, writes).length > 0,
    missing: ({ key }) => `No command is linked to ${key}.`,
  });
};

export const risksWrites: Check = (subject) => {
  const { document } = subject;
  const writes = writesOf(subject);
  if (writes.length === 0) return { nothing: 'No route writes.' };
  return join(subject, {
    ...{ elements: writes, of: 'routes that write', ref: refOf, kind: 'risk_route' },
    linked: (contract) => {
      const commands = commandsOf(contract, document.commands, writes).map(({ name }) => name);
      return document.risks.some(
        ({ mentions }) =>
          mentionsRoute(mentions, routeOf(contract)) || commands.some((command) => mentions.names.includes(command)),
      );
    },
    missing: ({ key }) => `No risk is linked to ${key}.`,
  });
};

export const modelsContracts: Check = (subject) => {
  const { document } = subject;
  const models = document.models.filter(isEntity);
  if (models.length === 0) return { nothing: 'The spec has no data model with a name.' };
  if (document.contracts.length === 0) return { nothing: 'The spec has no API contract.' };
  const named = new Set([
    ...document.sections.flatMap(({ reading }) => reading.apiNames),
    ...document.contracts.flatMap(({ normalizedPath }) => namesInPath(normalizedPath)),
  ]);
  return join(subject, {
    ...{ elements: models, of: 'data models', kind: 'route_model' },
    ref: ({ name, hash }) => elementRef('data_model', name ?? '', hash),
    linked: ({ name }) => named.has(nameKey(name ?? '')),
    missing: ({ key }) => `No contract is linked to the data model ${key}.`,
  });
};

/** A shape in code may be any type; an entity is a table, or a name in one word or with an identity of its own. */
function isEntity({ name, form, fields }: ModelFact): boolean {
  if (name === null || form === 'typescript' || form === 'json' || fields.length === 0) return false;
  if (form === 'sql' || form === 'decorators') return true;
  if (/^[A-Za-z]\w*$/.test(name) && /^[A-Z]|_/.test(name)) return true;
  return (
    wordsOf(name).length <= 4 && fields.some((field) => /^(?:id|uuid|organization_?id|tenant_?id)$/i.test(field.name))
  );
}

const noInterface =
  /^\W{0,10}(?:there (?:is|are) )?no (?:new |dedicated )?(?:ui|ux|user interface|interface|screens?|pages?)\b/i;
/** With a reason behind it, in a section that says no more than that. */
const notApplicable = /^[\W_]{0,10}(?:n\/a|not applicable)[*_]{0,3}\s{0,3}[—–:.(,;-]/i;

const saysNoInterface = ({ section, reading }: PlacedSection): boolean => {
  const text = section.body.trim();
  return isBareNothing(text) || noInterface.test(text) || notApplicable.test(reading.short ?? '');
};

export const contractsUi: Check = (subject) => {
  const { document, links } = subject;
  const placed = document.section('ui-ux');
  if (!placed || placed.section.notApplicable !== null)
    return { nothing: 'The spec has no section about the interface.' };
  if (saysNoInterface(placed)) return { nothing: 'The section says that there is no interface.' };
  if (document.contracts.length === 0) return { nothing: 'The spec has no API contract.' };
  const looked = { looked: 1, of: 'sections about the interface', basis: headingsOf(document, [placed]) };
  const own = elementRef('ui', placed.section.key, placed.reading.hash);
  const named = document.contracts.some((contract) => mentionsRoute(placed.reading.mentions, routeOf(contract)));
  const standing = named ? 'confirmed' : links.of(own, 'route_ui');
  if (standing === 'confirmed') return { ...looked, gaps: [] };
  const evidence = [document.sectionEvidence(placed)];
  const message = `The section about the interface names no route of the contracts.${standing === 'suspect' ? ' The link that was confirmed is suspect: its text changed.' : ''}`;
  const gap: Gap = {
    outcome: 'not_linked',
    message,
    elements: [own, ...document.contracts.slice(0, 20).map(refOf)],
    evidence,
  };
  return { ...looked, gaps: [gap] };
};

export const cacheReads: Check = (subject) => {
  const { document } = subject;
  const reads = document.contracts.filter(({ method }) => method === 'GET');
  if (reads.length === 0) return { nothing: 'No route reads.' };
  const strategies = document.sections.flatMap(({ reading }) => (reading.cacheMentions ? [reading.cacheMentions] : []));
  return join(subject, {
    ...{ elements: reads, of: 'routes that read', ref: refOf, kind: 'route_cache' },
    linked: (contract) =>
      contract.saysCached || strategies.some((mentions) => mentionsRoute(mentions, routeOf(contract))),
    missing: ({ key }) => `Nothing says how answers of ${key} are cached, or that they are not.`,
  });
};

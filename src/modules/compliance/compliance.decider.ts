import { hash } from 'node:crypto';
import { bounds } from '../../commands/bounds.js';
import type { AttestRule, ConfirmLink } from '../../commands/spec-compliance.commands.js';
import { linkKinds, specComplianceCommands } from '../../commands/spec-compliance.commands.js';
import { Refusal } from '../../commands/refusals.js';
import type { LinkEnd, ReportIssued } from '../../events/spec-compliance.events.js';
import { specComplianceEvents } from '../../events/spec-compliance.events.js';
import type { Decider, EventOf } from '../event-store/decider.js';
import type { ComplianceState, SpecCompliance } from './compliance-state.decider.js';
import { evolveCompliance, isSameLink } from './compliance-state.decider.js';
import type { RulerFacts } from './ruling-rules.decider.js';
import { mustBeIndependent } from './ruling-rules.decider.js';

/** What came of evaluating the spec with the links and attestations of this state, and on what it rests besides. */
export type EvaluatedFacts = Omit<ReportIssued, 'specId' | 'reportId' | 'number' | 'digest'>;
/** The elements of the spec as they are. */
export type ElementFacts = { elements: readonly { kind: string; key: string; hash: string }[] };
/** The rule that is attested, if there is one that takes it; who wrote the spec; what the content is. */
export type AttestingFacts = {
  isAttestable: boolean;
  /** Of the sections that are named, or of the spec; null where it has no such section. */
  contentHash: string | null;
  writers: readonly string[];
  ruler: RulerFacts;
};

type Event = EventOf<typeof specComplianceEvents>;

export const complianceDecider: Decider<ComplianceState, typeof specComplianceCommands, typeof specComplianceEvents> = {
  streamType: 'spec_compliance',
  commands: specComplianceCommands,
  events: specComplianceEvents,
  initial: null,
  bytes: (state) => 1000 + 1000 * ((state?.links.length ?? 0) + (state?.attestations.length ?? 0)),

  decide: {
    'compliance.report.issue': (state, { specId, reportId, facts }) => issued(state, specId, reportId, facts),
    'compliance.link.confirm': (state, command) => {
      mustMakeSense(command);
      const { specId, linkId, kind, facts } = command;
      const { elements } = facts as ElementFacts;
      const element = mustBeThere(command.element, '/element', elements);
      const counterpart = command.counterpart ? mustBeThere(command.counterpart, '/counterpart', elements) : null;
      const data = { specId, linkId, kind, element, counterpart, reason: command.reason ?? null };
      const links = state?.links ?? [];
      const known = links.find((one) => isSameLink(one, data));
      if (known && isUnchanged(known, data)) return [];
      if (!known && links.length >= bounds.linksOfSpec) {
        throw new Refusal('validation_failed', `A spec has at most ${bounds.linksOfSpec} links.`);
      }
      return [{ type: 'compliance.link.confirmed', data }];
    },
    'compliance.link.withdraw': (state, { specId, linkId }) => {
      if (!state?.links.some((one) => one.linkId === linkId)) {
        throw new Refusal('not_found', 'The spec has no such link; one that was confirmed anew has another id.');
      }
      return [{ type: 'compliance.link.withdrawn', data: { specId, linkId } }];
    },
    'compliance.rule.attest': (_, command) => {
      mustBeAttestable(command);
      const { specId, attestationId, ruleId, position, reasonCode = null, sentence, contentHash, sections } = command;
      const { caller } = command;
      const authentication = { method: 'api_key' as const, keyId: caller.keyId ?? caller.actor.id };
      const covers = sections ? [...sections] : null;
      const said = { ruleId, position, reasonCode, sentence, contentHash, covers };
      return [{ type: 'compliance.rule.attested', data: { specId, attestationId, ...said, authentication } }];
    },
    'compliance.attestation.withdraw': (state, { specId, attestationId, caller }) => {
      const attestation = state?.attestations.find((one) => one.attestationId === attestationId);
      if (!attestation) {
        throw new Refusal('not_found', 'The spec has no such attestation; one that was replaced is over already.');
      }
      if (attestation.attestedBy.id !== caller.actor.id) {
        throw new Refusal('not_permitted', 'Only who attested it can take it back.');
      }
      return [{ type: 'compliance.attestation.withdrawn', data: { specId, attestationId } }];
    },
  },

  evolve: evolveCompliance,

  tag: (state, version) => (state ? version : null),
  touches: () => true,
  receipt: (state, events) => ({
    specId: state?.specId,
    ...(state?.report && { reportId: state.report.reportId, verdict: state.report.verdict }),
    ...madeBy(events),
  }),
};

/** What an accepted command made, by its id. */
function madeBy(events: readonly Event[]): { linkId?: string; attestationId?: string } {
  const [first] = events;
  if (first?.type === 'compliance.link.confirmed') return { linkId: first.data.linkId };
  if (first?.type === 'compliance.rule.attested') return { attestationId: first.data.attestationId };
  return {};
}

function issued(state: ComplianceState, specId: string, reportId: string, facts: object): Event[] {
  const evaluated = facts as EvaluatedFacts;
  const digest = digestOf(evaluated);
  const last = state?.report ?? null;
  if (last?.digest === digest) return [];
  const { verdict } = evaluated;
  const report = { ...evaluated, specId, reportId, number: (last?.number ?? 0) + 1, digest };
  const before = last?.verdict ?? null;
  return [
    { type: 'compliance.report.issued', data: report },
    ...(before === verdict
      ? []
      : [{ type: 'compliance.verdict.changed' as const, data: { specId, reportId, before, verdict } }]),
  ];
}

const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** Over all that a report says and rests on, but not over when and under which name. */
export function digestOf({ specVersion: _version, ...said }: EvaluatedFacts): string {
  return hash('sha256', JSON.stringify(said, sorted));
}

function mustMakeSense({ kind, element, counterpart, reason }: ConfirmLink): void {
  const ends = linkKinds[kind];
  if (kind === 'extension') {
    if (counterpart) throw invalid('/counterpart', 'extension', 'An extension is about one element alone.');
    if (!reason) throw invalid('/reason', 'extension', 'An extension says what it extends.');
    return;
  }
  if (!counterpart) throw invalid('/counterpart', 'ends', `A link of the kind ${kind} has a counterpart.`);
  if (element.kind !== ends.element) {
    throw invalid('/element/kind', 'ends', `The element of a ${kind} is a ${ends.element}.`);
  }
  if (counterpart.kind !== ends.counterpart) {
    throw invalid('/counterpart/kind', 'ends', `The counterpart in a ${kind} is a ${ends.counterpart}.`);
  }
}

function mustBeThere(end: LinkEnd, pointer: string, elements: ElementFacts['elements']): LinkEnd {
  const { kind, key, hash: read } = end;
  const found = elements.filter((one) => one.kind === kind && one.key === key);
  if (found.length === 0) throw invalid(`${pointer}/key`, 'exists', `The spec has no ${kind} "${key}".`);
  if (!found.some((one) => one.hash === read)) {
    throw new Refusal('content_changed', `What the spec says of ${key} is not what was read: read it again.`);
  }
  return { kind, key, hash: read };
}

const isUnchanged = (
  one: SpecCompliance['links'][number],
  { element, counterpart, reason }: Omit<ConfirmedData, 'linkId'>,
) => one.element.hash === element.hash && one.counterpart?.hash === counterpart?.hash && one.reason === reason;

type ConfirmedData = Pick<SpecCompliance['links'][number], 'linkId' | 'kind' | 'element' | 'counterpart' | 'reason'>;

function mustBeAttestable(command: AttestRule): void {
  const { ruleId, position, reasonCode, contentHash, facts } = command;
  const { isAttestable, contentHash: present, writers, ruler } = facts as AttestingFacts;
  if (!isAttestable) {
    throw invalid('/ruleId', 'attestable', `There is no rule "${ruleId}" that an attestation decides.`);
  }
  if ((position === 'not_applicable') !== Boolean(reasonCode)) {
    throw invalid('/reasonCode', 'reason_code', 'A reason code goes with not_applicable, and only there.');
  }
  if (present === null) throw invalid('/sections', 'exists', 'The spec has no such section.');
  if (present !== contentHash) {
    throw new Refusal('content_changed', 'The content is not the one that was read: read it again.');
  }
  if (position !== 'non_compliant') mustBeIndependent(ruler, writers, 'Who wrote the spec');
}

const invalid = (pointer: string, code: string, message: string) =>
  new Refusal('validation_failed', message, { errors: [{ pointer, code, message }] });

import type { AttestationPosition, LinkKind, NotApplicableReason } from '../../commands/spec-compliance.commands.js';
import type { ComplianceVerdict, LinkEnd, specComplianceEvents } from '../../events/spec-compliance.events.js';
import type { Actor, Decider } from '../event-store/decider.js';

export type Link = {
  linkId: string;
  kind: LinkKind;
  element: LinkEnd;
  counterpart: LinkEnd | null;
  reason: string | null;
  confirmedBy: Actor;
  confirmedAt: string;
};

/** What somebody said of a rule, on what content; the last word of each on each rule. */
export type SpecAttestation = {
  attestationId: string;
  ruleId: string;
  position: AttestationPosition;
  reasonCode: NotApplicableReason | null;
  sentence: string;
  contentHash: string;
  covers: readonly string[] | null;
  attestedBy: Actor;
  attestedAt: string;
};

/** The last report, without its rows. */
export type LastReport = { reportId: string; number: number; verdict: ComplianceVerdict; digest: string };

export type SpecCompliance = {
  specId: string;
  /** The stream version at which a link or an attestation last changed. */
  rulings: number;
  links: readonly Link[];
  attestations: readonly SpecAttestation[];
  report: LastReport | null;
};

/** `null` until the first event. */
export type ComplianceState = SpecCompliance | null;

type Evolve = Decider<ComplianceState, Record<never, never>, typeof specComplianceEvents>['evolve'];

const nothingSaid = (specId: string): SpecCompliance => {
  return { specId, rulings: 0, links: [], attestations: [], report: null };
};

/** Whether two links say the same of the same elements, whatever their texts. */
export const isSameLink = (
  one: Pick<Link, 'kind' | 'element' | 'counterpart'>,
  other: Pick<Link, 'kind' | 'element' | 'counterpart'>,
) => one.kind === other.kind && isSameEnd(one.element, other.element) && isSameEnd(one.counterpart, other.counterpart);

const isSameEnd = (one: LinkEnd | null, other: LinkEnd | null): boolean =>
  one === null || other === null ? one === other : one.kind === other.kind && one.key === other.key;

const person = ({ id, kind, name }: Actor): Actor => ({ id, kind, name });

export const evolveCompliance: Evolve = {
  'compliance.report.issued': (state, { specId, reportId, number, verdict, digest }) => {
    return { ...(state ?? nothingSaid(specId)), report: { reportId, number, verdict, digest } };
  },
  'compliance.verdict.changed': (state) => state,
  'compliance.link.confirmed': (state, { specId, ...data }, { actor, at, version }) => {
    const before = state ?? nothingSaid(specId);
    const link = { ...data, confirmedBy: person(actor), confirmedAt: at };
    const links = [...before.links.filter((one) => !isSameLink(one, link)), link];
    return { ...before, links, rulings: version };
  },
  'compliance.link.withdrawn': (state, { linkId }, { version }) =>
    state && { ...state, links: state.links.filter((one) => one.linkId !== linkId), rulings: version },
  'compliance.rule.attested': (state, { specId, authentication: _key, ...data }, { actor, at, version }) => {
    const before = state ?? nothingSaid(specId);
    const others = before.attestations.filter(
      ({ ruleId, attestedBy }) => ruleId !== data.ruleId || attestedBy.id !== actor.id,
    );
    const attestation = { ...data, attestedBy: person(actor), attestedAt: at };
    return { ...before, attestations: [...others, attestation], rulings: version };
  },
  'compliance.attestation.withdrawn': (state, { attestationId }, { version }) =>
    state && {
      ...state,
      attestations: state.attestations.filter((one) => one.attestationId !== attestationId),
      rulings: version,
    },
};

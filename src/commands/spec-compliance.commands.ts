import { v5 as uuidv5 } from 'uuid';
import { bounds } from './bounds.js';
import { DomainCommand } from './command.js';
import { Example, Keys, Line, Nullable, ObjectOf, OneOf, Optional, PathId, Reason, Sha256Text } from './fields.js';
import { Refuses } from './refuses.js';
import { RepositoryFiles } from './repository-files.commands.js';

/** What a link can be about: the kinds of element, by what they are called in links and findings. */
export const linkedKinds = ['route', 'command', 'event', 'risk', 'data_model', 'ui', 'cache'] as const;
export type LinkedKind = (typeof linkedKinds)[number];

/**
 * What a link says, and what kinds of element it joins: a route is the command, a risk covers the route, a route shows
 * the data model, serves the part of the user interface, is covered by the cache strategy. An `extension` says of one
 * element that it extends something that exists already, outside of the spec.
 */
export const linkKinds = {
  route_command: { element: 'route', counterpart: 'command' },
  risk_route: { element: 'risk', counterpart: 'route' },
  route_model: { element: 'route', counterpart: 'data_model' },
  route_ui: { element: 'route', counterpart: 'ui' },
  route_cache: { element: 'route', counterpart: 'cache' },
  extension: { element: null, counterpart: null },
} as const satisfies Record<string, { element: LinkedKind | null; counterpart: LinkedKind | null }>;
export type LinkKind = keyof typeof linkKinds;

/** What somebody can say of a rule that only judgement can decide. */
export const attestationPositions = ['compliant', 'non_compliant', 'not_applicable'] as const;
export type AttestationPosition = (typeof attestationPositions)[number];

/** Why a rule is not about a spec. */
export const notApplicableReasons = ['out_of_scope', 'nothing_touched', 'covered_elsewhere', 'existing_code'] as const;
export type NotApplicableReason = (typeof notApplicableReasons)[number];

/** The stream of what was said of a spec's compliance: its id follows from the spec's (UUIDv5, RFC 9562). */
export const complianceStream = (specId: string): string => uuidv5('compliance', specId);

/** Something is asked about the compliance of one spec. */
export abstract class SpecComplianceCommand extends DomainCommand {
  /**
   * The spec.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11
   */
  @PathId()
  readonly specId!: string;

  get streamId(): string {
    return complianceStream(this.specId);
  }
}

/** Has the spec evaluated as it is, and keeps what came of it. What comes to the same as the last report is that one. */
export class IssueComplianceReport extends SpecComplianceCommand {
  /**
   * The report.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c11
   */
  @PathId()
  readonly reportId!: string;

  /** What is known of the repository that the spec stands in: a CI job knows it, and the service does not. */
  @Optional()
  @ObjectOf(() => RepositoryFiles, { path: 'specs/saved-searches.md', files: ['AGENTS.md', 'specs/saved-searches.md'] })
  readonly repository?: RepositoryFiles;
}

/** An element of the spec, as it was read. */
export class LinkedElementField {
  /** @example route */
  @OneOf(linkedKinds)
  readonly kind!: LinkedKind;

  /**
   * What findings call it: a method and path, a command's or an event's id, a risk's or a model's name.
   * @example "POST /api/searches"
   */
  @Line(bounds.elementKey)
  readonly key!: string;

  /**
   * The hash of the text that says it, as it was read: what is confirmed is that.
   */
  @Example('5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8')
  @Sha256Text()
  readonly hash!: string;
}

const someRoute: LinkedElementField = {
  kind: 'route',
  key: 'POST /api/searches',
  hash: '5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8',
};
const someCommand: LinkedElementField = {
  kind: 'command',
  key: 'catalog.search.keep',
  hash: '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
};

/** Says that two elements of a spec belong together, which no check can know from their texts. */
@Refuses('content_changed')
export class ConfirmLink extends SpecComplianceCommand {
  /**
   * The link.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c22
   */
  @PathId()
  readonly linkId!: string;

  /** @example route_command */
  @OneOf(Object.keys(linkKinds))
  readonly kind!: LinkKind;

  @ObjectOf(() => LinkedElementField, someRoute)
  readonly element!: LinkedElementField;

  /** What it belongs to; an `extension` has none. */
  @Optional()
  @Nullable()
  @ObjectOf(() => LinkedElementField, someCommand)
  readonly counterpart?: LinkedElementField | null;

  /**
   * What it extends, and why there is nothing to link it with: for an `extension`, which needs it.
   * @example "The route is there since 2024; only a filter is added."
   */
  @Optional()
  @Nullable()
  @Reason()
  readonly reason?: string | null;
}

/** Takes a link back. */
export class WithdrawLink extends SpecComplianceCommand {
  /**
   * The link.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c22
   */
  @PathId()
  readonly linkId!: string;
}

/**
 * Says of a rule that only judgement can decide what it comes to here. It replaces what the same person said before. For
 * the spec (compliant, not applicable) only a human who did not write it can say so; against it, everybody.
 */
@Refuses('content_changed', 'not_permitted')
export class AttestRule extends SpecComplianceCommand {
  /**
   * The attestation.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c33
   */
  @PathId()
  readonly attestationId!: string;

  /**
   * The rule.
   * @example house.privacy-reviewed
   */
  @Line(bounds.ruleId)
  readonly ruleId!: string;

  /** @example compliant */
  @OneOf(attestationPositions)
  readonly position!: AttestationPosition;

  /**
   * Why it is not applicable; with that position, and only there.
   * @example null
   */
  @Optional()
  @Nullable()
  @OneOf(notApplicableReasons)
  readonly reasonCode?: NotApplicableReason | null;

  /** @example "Nothing here is kept about a person." */
  @Reason()
  readonly sentence!: string;

  /**
   * The hash of what was read: of the spec, or of the sections that are named (docs/reviews.md says how it is made).
   */
  @Example('b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c')
  @Sha256Text()
  readonly contentHash!: string;

  /** The keys of the sections that were read for it; without them it is about the whole spec. */
  @Optional()
  @Keys(bounds.votedSections, 1)
  readonly sections?: string[];
}

/** Takes back what one attested. */
@Refuses('not_permitted')
export class WithdrawAttestation extends SpecComplianceCommand {
  /**
   * The attestation.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c33
   */
  @PathId()
  readonly attestationId!: string;
}

export const specComplianceCommands = {
  'compliance.report.issue': IssueComplianceReport,
  'compliance.link.confirm': ConfirmLink,
  'compliance.link.withdraw': WithdrawLink,
  'compliance.rule.attest': AttestRule,
  'compliance.attestation.withdraw': WithdrawAttestation,
};

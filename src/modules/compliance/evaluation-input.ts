import type { TemplateSection } from '../markdown/section-keys.js';
import type { AttestationPosition, ElementRef } from './evaluation.view.js';
import type { Rule } from './rules.js';

/** A section as the spec has it. `contentHash` is the SHA-256 of the body, hex: what is kept of it is found by that. */
export type EvaluatedSection = {
  key: string;
  heading: string;
  headingSource: string;
  body: string;
  contentHash: string;
  /** Why the section does not apply. */
  notApplicable: string | null;
};

export type EvaluatedSpec = {
  specId: string | null;
  template: string;
  labels: readonly string[];
  title: string | null;
  preamble: string;
  sections: readonly EvaluatedSection[];
  contentHash: string;
  relations: readonly { type: string; specId: string }[];
  /** When content other than the changelog and the compliance report last changed after its import; null: never. */
  lastContentChangeAt: Date | null;
};

export const linkKinds = [
  'route_command',
  'risk_route',
  'route_model',
  'route_ui',
  'route_cache',
  'extension',
] as const;
export type LinkKind = (typeof linkKinds)[number];

type LinkEnd = Pick<ElementRef, 'kind' | 'key' | 'hash'>;

/**
 * What somebody confirmed: `from` belongs to `to`. An `extension` has no `to`: `from` extends something that exists
 * already, or needs no other end, and `reason` says why. It counts only while both ends have the text that was confirmed.
 */
export type ConfirmedLink = {
  linkId: string;
  kind: LinkKind;
  from: LinkEnd;
  to: LinkEnd | null;
  reason: string | null;
  confirmedBy: string;
  at: string;
};

/** What somebody attested of a rule, on the content that they read: another content needs another attestation. */
export type Attestation = {
  ruleId: string;
  position: AttestationPosition;
  reasonCode: string | null;
  sentence: string;
  by: string;
  contentHash: string;
  at: string;
};

/** An approved waiver that was not withdrawn. `specId` null: for every spec of the organization. */
export type Waiver = {
  waiverId: string;
  ruleId: string;
  specId: string | null;
  owner: string;
  compensatingControl: string;
  expiresAt: string;
  approvedBy: string;
};

/**
 * Where the spec stands among files, for relative links. All Markdown files below `root` are `known`, others may be; the
 * root of the repository is ''.
 */
export type FileTree = { path: string; root: string; known: ReadonlySet<string> };

/** What a caller says of its repository; null where that is not enough to judge links by. */
export const fileTree = ({ path, files }: { path?: string; files?: readonly string[] }): FileTree | null =>
  path === undefined || files === undefined ? null : { path, root: '', known: new Set(files) };

export type EvaluationInput = {
  spec: EvaluatedSpec;
  template: { key: string; sections: readonly TemplateSection[] };
  rules: readonly Rule[];
  packHash: string;
  /** The rule sources that exist, by path. */
  sources: readonly { path: string }[];
  links: readonly ConfirmedLink[];
  attestations: readonly Attestation[];
  waivers: readonly Waiver[];
  /** Ids of commands and events that may break the naming rules, because they exist already. */
  allowedIds: readonly string[];
  /** What the relations of the spec lead to. */
  relatedSpecs: readonly { specId: string; exists: boolean }[];
  /** Null where nothing is known of files: then only links inside the document are judged. */
  files: FileTree | null;
  now: Date;
};

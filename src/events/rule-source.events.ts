/** How a statement binds, by its word (RFC 2119, and the two that rule files use besides). */
export type RuleForce = 'must' | 'must_not' | 'always' | 'never' | 'should' | 'should_not';

/** A statement of a rule file. `statementId` stays when other parts of the file change, and when the statement does. */
export type SourceStatement = {
  statementId: string;
  force: RuleForce;
  /** As it is written. */
  text: string;
  /** Of the heading above it. */
  anchor: string;
  /** From 1. */
  line: number;
};

/** A version of a rule file, with the statements that were read from it. */
export class RuleSourceRecorded {
  readonly path!: string;
  readonly version!: number;
  readonly revision!: string | null;
  /** SHA-256 over the file's bytes, hex. */
  readonly blobHash!: string;
  readonly markdown!: string;
  readonly statements!: SourceStatement[];
  /** Ids of statements, against the version before. */
  readonly added!: string[];
  readonly changed!: string[];
  readonly removed!: string[];
}

export class RuleSourceRetired {
  readonly path!: string;
  readonly reason!: string;
}

/** Storage format: stored forever, changed only by adding. */
export const ruleSourceEvents = {
  'compliance.source.recorded': RuleSourceRecorded,
  'compliance.source.retired': RuleSourceRetired,
};

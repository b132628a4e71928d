/** A spec that this one depends on was approved anew, and nobody has said since that this one still holds. */
export class DependencySuspected {
  readonly relatedSpecId!: string;
  /** The approved revision of the other spec, and its content. */
  readonly revision!: number;
  readonly contentHash!: string;
  readonly approvedAt!: string;
}

/** Somebody has read that revision: this spec still holds. */
export class DependencyConfirmed {
  readonly relatedSpecId!: string;
  readonly revision!: number;
  readonly conclusion!: string;
}

/** Storage format: stored forever, changed only by adding. */
export const dependencyEvents = {
  'spec.dependency.suspected': DependencySuspected,
  'spec.dependency.confirmed': DependencyConfirmed,
};

import type { Lifecycle } from '../../src/commands/lifecycle.commands.js';
import type { Position } from '../../src/commands/review.commands.js';
import type { TransitionName } from '../../src/modules/specs/transitions.decider.js';
import type { Somebody } from './judged-review.js';

/** What the lifecycle allows, written down a second time: from each state, every transition that leads on, and where to. */
export const allowed: Record<Lifecycle, Partial<Record<TransitionName, Lifecycle>>> = {
  draft: { submit: 'in_review', defer: 'deferred', withdraw: 'withdrawn' },
  in_review: { return: 'draft', reject: 'rejected', defer: 'deferred', withdraw: 'withdrawn' },
  approved: { amend: 'draft', start: 'in_implementation', supersede: 'superseded', deprecate: 'deprecated' },
  in_implementation: { amend: 'draft', complete: 'implemented', supersede: 'superseded', deprecate: 'deprecated' },
  implemented: { amend: 'draft', supersede: 'superseded', deprecate: 'deprecated' },
  superseded: { archive: 'archived' },
  deprecated: { archive: 'archived' },
  archived: {},
  deferred: { withdraw: 'withdrawn', reopen: 'draft' },
  rejected: { reopen: 'draft', archive: 'archived' },
  withdrawn: { reopen: 'draft', archive: 'archived' },
};

export type Action =
  | { does: 'go'; name: TransitionName; who: Somebody; role: 'writer' | 'admin' }
  | { does: 'vote'; position: Position; who: Somebody }
  | { does: 'take back'; who: Somebody }
  | { does: 'resolve'; concern: number; who: Somebody }
  | { does: 'edit'; who: Somebody };

const administrative = ['reject', 'supersede', 'deprecate', 'archive'];
const isHuman = (who: Somebody): boolean => who !== 'bot' && who !== 'job';

/** A spec of Ann's under the built-in policy, as simple as it can be told: what the rules are compared with. */
export class LifecycleModel {
  lifecycle: Lifecycle = 'draft';
  private amended: Lifecycle | null = null;
  private wasApproved = false;
  private round = 0;
  private writers = new Set<Somebody>(['ann']);
  private votes = new Map<Somebody, { position: Position; round: number }>();
  private concerns: { raiser: Somebody; open: boolean }[] = [];

  /** Does it where it may be done. @returns whether it may */
  may(action: Action): boolean {
    if (action.does === 'go') return this.go(action.name, action.who, action.role);
    const { who } = action;
    if (action.does === 'edit') {
      if (this.lifecycle !== 'draft' && this.lifecycle !== 'in_review') return false;
      this.writers.add(who);
      if (this.lifecycle === 'in_review') for (const vote of this.votes.values()) vote.round = -1;
      return true;
    }
    if (this.lifecycle !== 'in_review') return false;
    if (action.does === 'take back') {
      const vote = this.votes.get(who);
      if (vote) vote.round = -1;
      return vote !== undefined;
    }
    if (action.does === 'resolve') {
      const concern = this.concerns[action.concern];
      if (concern?.raiser !== who) return false;
      if (!concern.open) return true;
      concern.open = false;
    } else {
      this.votes.set(who, { position: action.position, round: this.round });
      if (action.position === 'concern') this.concerns.push({ raiser: who, open: true });
    }
    this.approveIfMet();
    return true;
  }

  private go(name: TransitionName, who: Somebody, role: string): boolean {
    const to = allowed[this.lifecycle][name];
    if (administrative.includes(name) && (role !== 'admin' || who === 'bot')) return false;
    if (to === undefined || (name === 'defer' && this.wasApproved)) return false;
    const comesToNothing = this.amended !== null && (name === 'withdraw' || name === 'reject');
    if (name === 'submit') this.round++;
    if (name === 'amend') {
      this.amended = this.lifecycle;
      this.writers = new Set([who]);
      this.votes.clear();
      this.concerns = this.concerns.filter(({ open }) => open);
    }
    this.lifecycle = comesToNothing && this.amended !== null ? this.amended : to;
    return true;
  }

  private approveIfMet(): void {
    const counts = [...this.votes].some(
      ([who, { position, round }]) =>
        position === 'approve' && round === this.round && isHuman(who) && !this.writers.has(who),
    );
    if (!counts || this.concerns.some(({ open }) => open)) return;
    this.lifecycle = 'approved';
    this.wasApproved = true;
  }
}

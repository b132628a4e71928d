import { lifecycleCommands } from '../../src/commands/lifecycle.commands.js';
import type { DomainCommand } from '../../src/commands/command.js';
import type { RefusalCode } from '../../src/commands/refusals.js';
import { Refusal } from '../../src/commands/refusals.js';
import type { ReviewPolicy } from '../../src/commands/review-policy.js';
import { defaultPolicy } from '../../src/commands/review-policy.js';
import type { Position } from '../../src/commands/review.commands.js';
import { CastVote } from '../../src/commands/review.commands.js';
import { UpdateSection } from '../../src/commands/section.commands.js';
import { decide, evolve, wireNames } from '../../src/modules/event-store/decider.js';
import type { SpecEvent } from '../../src/modules/specs/differences.decider.js';
import { specDecider } from '../../src/modules/specs/spec.decider.js';
import type { Spec } from '../../src/modules/specs/spec-state.decider.js';
import { sha256 } from '../../src/modules/specs/spec-state.decider.js';
import type { TransitionName } from '../../src/modules/specs/transitions.decider.js';
import { caller } from './given.js';
import type { Somebody } from './judged-review.js';
import { actor, factsOf } from './judged-review.js';

const names = wireNames(specDecider.commands);
const content = (key: string, heading: string, body: string) => {
  return { key, heading, headingSource: `## ${heading}\n`, body, contentHash: sha256(body) };
};
const begun: SpecEvent = {
  type: 'spec.document.created',
  data: {
    number: 1,
    title: 'Kept searches',
    template: { key: 'note', version: 1 },
    labels: [],
    owner: null,
    preamble: '# Kept searches\n\n',
    sections: [content('tldr', 'TLDR', 'Keep them.\n'), content('risks', 'Risks', 'It must be fast.\n')],
  },
};
/** What every transition takes beside its reason. */
const inputs = { evidence: [{ kind: 'commit', reference: '5f2c1e9' }], successorId: 'successor' };
export const why = 'It is time for it.';

/** A spec by Ann, followed through its events as its rules see it: without a database, and with people by first name. */
export class ReviewedSpec {
  state: Spec | null = null;
  history: SpecEvent[] = [];
  readonly texts = new Map<string, string>();
  policy: ReviewPolicy = defaultPolicy;
  private inForce: object | undefined;
  private votes = 0;

  constructor() {
    this.apply([begun], 'ann');
  }

  get spec(): Spec {
    if (!this.state) throw new Error('the spec does not exist');
    return this.state;
  }

  get lifecycle() {
    return this.spec.review.lifecycle;
  }

  /** Asks, and gives what was refused, or nothing. `facts` go on top of those that a spec is reviewed with. */
  ask<C extends DomainCommand>(
    type: new () => C,
    fields: Partial<C>,
    who: Somebody | 'system',
    { role = 'admin', facts = {} }: { role?: 'writer' | 'admin'; facts?: object } = {},
  ): Refusal | undefined {
    const { inForce, policy, texts } = this;
    const known = { policy, review: factsOf(), texts: new Map(texts), inForce, successor, ...facts };
    const by = who === 'system' ? { id: 'system', kind: 'system' as const, name: 'system' } : actor(who);
    const command = Object.assign(new type(), { specId: 's' }, fields, { facts: known }).from({
      ...caller,
      actor: by,
      keyId: `key of ${who}`,
      role,
      now: new Date(caller.now.getTime() + 1000 * this.history.length),
    });
    try {
      this.apply(decide(specDecider, names, this.state, command), who);
      return undefined;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  /** As an admin unless said otherwise, with whatever the transition takes. */
  go(
    name: TransitionName,
    who: Somebody | 'system' = 'cat',
    options: { role?: 'writer' | 'admin'; facts?: object } = {},
  ): RefusalCode | undefined {
    return this.ask<DomainCommand>(
      lifecycleCommands[`spec.lifecycle.${name}`],
      { reason: why, ...inputs } as object,
      who,
      options,
    )?.code;
  }

  vote(who: Somebody, position: Position = 'approve', fields: Partial<CastVote> = {}): RefusalCode | undefined {
    const voteId = `vote ${++this.votes}`;
    const text = /^(?:concern|request)/.test(position) ? { comment: 'Who pays for it?' } : {};
    const conditions = position === 'approve_with_conditions' ? { conditions: ['Name who pays.'] } : {};
    const said = { voteId, position, contentHash: this.spec.contentHash, ...text, ...conditions, ...fields };
    return this.ask(CastVote, said, who)?.code;
  }

  edit(who: Somebody, body: string, sectionKey = 'tldr'): RefusalCode | undefined {
    return this.ask(UpdateSection, { sectionKey, body }, who)?.code;
  }

  private apply(events: readonly SpecEvent[], who: Somebody | 'system'): void {
    for (const event of events) {
      const version = this.history.push(event);
      const at = new Date(caller.now.getTime() + 1000 * version).toISOString();
      const by = who === 'system' ? { id: 'system', kind: 'system' as const, name: 'system' } : actor(who);
      const context = { organizationId: caller.organizationId, streamId: 's', version, at, actor: by };
      this.state = evolve(specDecider, this.state, event, context);
      if (event.type === 'spec.document.created')
        for (const { key, body } of event.data.sections) this.texts.set(key, body);
      if (event.type === 'spec.section.updated') this.texts.set(event.data.key, event.data.body);
      if (event.type === 'spec.lifecycle.approved') this.inForce = this.content();
    }
  }

  private content(): object {
    const { title, preamble, sections } = this.spec;
    return {
      title,
      preamble,
      sections: sections.map(({ key, heading, headingSource, contentHash, notApplicable }) => {
        return { key, heading, headingSource, contentHash, notApplicable, body: this.texts.get(key) };
      }),
    };
  }
}

const successor = { lifecycle: 'approved', supersedes: ['s'] };

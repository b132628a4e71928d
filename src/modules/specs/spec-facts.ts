import { Injectable } from '@nestjs/common';
import { bounds } from '../../commands/bounds.js';
import type { DomainCommand } from '../../commands/command.js';
import { erasureClaim, PlaceHold } from '../../commands/hold.commands.js';
import { lifecycleCommands, SupersedeSpec } from '../../commands/lifecycle.commands.js';
import { RecordPhase } from '../../commands/progress.commands.js';
import { Refusal } from '../../commands/refusals.js';
import { CastVote, ResolveConcern, WithdrawVote } from '../../commands/review.commands.js';
import { AddSection, MoveSection } from '../../commands/section.commands.js';
import { RelateSpec } from '../../commands/relation.commands.js';
import { ReplaceSpec } from '../../commands/replace-spec.commands.js';
import { CreateSpec, ImportSpec } from '../../commands/spec.commands.js';
import type { SpecCommand } from '../../commands/spec-command.js';
import { ReviewOverride, UseOverride } from '../../commands/override.commands.js';
import type { FactsSource } from '../event-store/facts-source.js';
import { Database } from '../event-store/database.js';
import { parseDocument } from '../markdown/document.js';
import { TemplateQueries } from '../templates/template.queries.js';
import { builtInKey } from '../templates/template.queries.js';
import type { SectionContent, SectionUpdated } from '../../events/spec.events.js';
import type { OutdatingFacts } from './content-change.decider.js';
import { hasVotesToLose } from './content-change.decider.js';
import { ProgressQueries } from './progress.queries.js';
import type { RelationFacts } from './relation.decider.js';
import { RelationPaths } from './relation-paths.queries.js';
import { ReviewFactsReader } from './review-facts.js';
import type { Spec, SpecState } from './spec-state.decider.js';
import type { TransitionName } from './transitions.decider.js';
import { transitionNames } from './transitions.decider.js';
import type { TemplateFacts } from './document.decider.js';
import type { LastSectionFacts } from './section.decider.js';
import { SpecPageQueries } from './spec-page.queries.js';

type Decided = readonly { data: object }[];
type Gather = (command: never, version: number, soFar: Decided) => Promise<object>;

const nextNumber = {
  name: 'specs.next-number',
  text: `insert into specline.spec_number as n (organization_id, last) values ($1, 1)
    on conflict (organization_id) do update set last = n.last + 1 returning last`,
};
const pinned = {
  name: 'specs.pinned',
  text: `select template_key as key, template_version as version from specline.spec where organization_id = $1 and spec_id = $2`,
};
const exists = {
  name: 'specs.exists',
  text: `select true as "exists" from specline.spec where organization_id = $1 and spec_id = $2`,
};
const among = {
  name: 'specs.among',
  text: `select spec_id as id from specline.spec where organization_id = $1 and spec_id = any ($2::uuid[])`,
};
const lastBody = {
  name: 'specs.last-body',
  text: `select c.key, c.body from specline.spec s join specline.spec_section c
      on c.organization_id = s.organization_id and c.spec_id = s.spec_id and c.key = s.section_order[cardinality(s.section_order)]
    where s.organization_id = $1 and s.spec_id = $2`,
};

const reviewing: readonly unknown[] = [CastVote, WithdrawVote, ResolveConcern, UseOverride, ReviewOverride];
const transitionOf = new Map<unknown, TransitionName>(
  transitionNames.map((name) => [lifecycleCommands[`spec.lifecycle.${name}`], name]),
);

/** The sections that events have written. */
const written = (soFar: Decided): { key: string; body: string }[] =>
  soFar.flatMap(({ data }) => {
    if ('sections' in data) return data.sections as SectionContent[];
    if ('section' in data) return [data.section as SectionContent];
    return 'body' in data ? [data as SectionUpdated] : [];
  });

/** What the spec's rules must know from outside its stream: by command, nothing for most. */
@Injectable()
export class SpecFacts implements FactsSource {
  private readonly sources = new Map<unknown, Gather>([
    [CreateSpec, (command: CreateSpec, version) => this.creation(command, version)],
    [ImportSpec, (command: ImportSpec, version) => this.document(command, version)],
    [ReplaceSpec, (command: ReplaceSpec, version) => this.replacement(command, version)],
    [RelateSpec, (command: RelateSpec) => this.relation(command)],
    [AddSection, (command: AddSection, _, soFar) => this.lastSection(command, soFar)],
    [MoveSection, (command: MoveSection, _, soFar) => this.lastSection(command, soFar)],
  ]);

  constructor(
    private readonly database: Database,
    private readonly templates: TemplateQueries,
    private readonly specs: SpecPageQueries,
    private readonly paths: RelationPaths,
    private readonly reviews: ReviewFactsReader,
    private readonly progress: ProgressQueries,
  ) {}

  /** Two relations that close a circle only together must not be made at once; nor a hold, and an erasure under it. */
  claims(command: DomainCommand): string | undefined {
    const relates = command.constructor === RelateSpec || (command instanceof ReplaceSpec && command.relations?.length);
    return command instanceof PlaceHold ? erasureClaim : relates ? 'relations' : undefined;
  }

  async gather(command: DomainCommand, version: number, soFar: Decided, state: unknown): Promise<object> {
    const spec = state as SpecState;
    const transition = transitionOf.get(command.constructor);
    if (transition && spec) return this.transition(command as SpecCommand, spec, transition);
    if (command instanceof RecordPhase && spec) {
      const { organizationId } = command.caller;
      return { phases: await this.progress.phases(organizationId, command.specId, spec.review) };
    }
    if (reviewing.includes(command.constructor)) {
      return spec ? this.reviews.judgement(command.caller.organizationId, command.streamId, spec) : {};
    }
    const source = this.sources.get(command.constructor);
    const facts = source ? await source(command as never, version, soFar) : {};
    return hasVotesToLose(spec) ? { ...facts, ...(await this.outdating(command, spec, soFar)) } : facts;
  }

  private transition(command: SpecCommand, spec: Spec, name: TransitionName): Promise<object> {
    const { caller, specId } = command;
    const successorId = command instanceof SupersedeSpec ? command.successorId : undefined;
    return this.reviews.transition(caller.organizationId, specId, spec, [name], successorId);
  }

  /** The text of every section as it is before the command, and what votes outlive. */
  private async outdating(command: DomainCommand, spec: Spec, soFar: Decided): Promise<OutdatingFacts> {
    const { organizationId } = command.caller;
    const { sections } = await this.specs.page(organizationId, command.streamId);
    const stored = sections.map(({ key, body }) => ({ key, body: body ?? '' }));
    const texts = new Map([...stored, ...written(soFar)].map(({ key, body }) => [key, body]));
    return { texts, policy: await this.reviews.policy(organizationId, command.streamId, spec) };
  }

  private async creation({ caller, template = builtInKey }: CreateSpec, version: number): Promise<object> {
    if (version > 0) return {};
    const facts = await this.template(caller.organizationId, template);
    return { template: facts, number: await this.number(caller.organizationId) };
  }

  /** Parsed before a number is taken, so that a document that is refused leaves no gap. */
  private async document(command: ImportSpec, version: number): Promise<object> {
    const { caller, markdown, template = builtInKey, specId } = command;
    const bytes = Buffer.byteLength(markdown);
    if (bytes > bounds.documentBytes) {
      throw new Refusal('document_too_large', `A document has at most ${bounds.documentBytes} bytes.`);
    }
    const document = parseDocument(markdown);
    if (version === 0) {
      const facts = await this.template(caller.organizationId, template);
      return { document, bytes, template: facts, number: await this.number(caller.organizationId) };
    }
    const [pin] = await this.query<{ key: string; version: number }>(command, pinned, specId);
    const facts = await this.template(caller.organizationId, pin?.key ?? template, pin?.version);
    return { document, bytes, template: facts, ...(await this.merge(command, version)) };
  }

  /** For a merge: the version it was written from, and the texts of today. */
  private async merge({ caller, merges, specId }: ImportSpec | ReplaceSpec, version: number): Promise<object> {
    const [from = version] = Array.isArray(caller.ifMatch) ? (caller.ifMatch as readonly number[]) : [];
    if (!merges || from >= version) return {};
    const base = await this.specs.stateAt(caller.organizationId, specId, from);
    const { sections } = await this.specs.page(caller.organizationId, specId);
    return { merge: { base, bodies: new Map(sections.map(({ key, body }) => [key, body ?? ''])) } };
  }

  private async replacement(command: ReplaceSpec, version: number): Promise<object> {
    const { relations = [], specId } = command;
    const ids = relations.map((relation) => relation.specId);
    const { organizationId } = command.caller;
    const found =
      ids.length === 0 ? [] : await this.database.query<{ id: string }>(organizationId, among, [organizationId, ids]);
    const circular = await this.paths.circular(organizationId, specId, relations);
    return { knownSpecs: new Set(found.map(({ id }) => id)), circular, ...(await this.merge(command, version)) };
  }

  private async relation(command: RelateSpec): Promise<RelationFacts> {
    const [found] = await this.query<{ exists: boolean }>(command, exists, command.relatedSpecId);
    const { caller, specId, type, relatedSpecId } = command;
    const circular = await this.paths.circular(caller.organizationId, specId, [{ type, specId: relatedSpecId }]);
    return { relatedSpecExists: found !== undefined, circular };
  }

  /** The text of what is the last section now, and of every section that this request has written so far. */
  private async lastSection(command: AddSection | MoveSection, soFar: Decided): Promise<LastSectionFacts> {
    const stored = await this.query<{ key: string; body: string }>(command, lastBody, command.specId);
    return { bodies: new Map([...stored, ...written(soFar)].map(({ key, body }) => [key, body])) };
  }

  private async template(organizationId: string, key: string, version?: number): Promise<TemplateFacts> {
    const template = await this.templates.find(organizationId, key, version);
    if (!template) throw new Refusal('unknown_template', `There is no template "${key}" here.`);
    return template;
  }

  private async number(organizationId: string): Promise<number> {
    const [row] = await this.database.query<{ last: number }>(organizationId, nextNumber, [organizationId]);
    return row?.last ?? 0;
  }

  private query<R extends object>(
    { caller }: SpecCommand,
    statement: { name: string; text: string },
    id: string,
  ): Promise<R[]> {
    return this.database.query<R>(caller.organizationId, statement, [caller.organizationId, id]);
  }
}

import { ApiProperty } from '@nestjs/swagger';
import { Line, OneOf, Optional, PathId } from '../../commands/fields.js';
import { PagedQuery, PageView } from '../http/page.view.js';
import { contractKinds } from './contracts.js';
import type { ContractKind } from './contracts.js';

const someSpec = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11';
const otherSpec = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22';

/** A spec that gives a contract. */
export class ContractSpecView {
  @ApiProperty({ format: 'uuid', example: someSpec })
  readonly specId!: string;
  @ApiProperty({ type: 'integer', example: 12 })
  readonly number!: number;
  /** @example "Saved searches" */
  readonly title!: string;
  /** @example approved */
  readonly lifecycle!: string;
  /** Whether it is in force, or drafted. */
  @ApiProperty({ enum: ['approved', 'draft'], example: 'approved' })
  readonly standing!: 'approved' | 'draft';
  /** `repeats`: it says the same as what is approved. */
  @ApiProperty({ enum: ['introduces', 'changes', 'repeats'], example: 'introduces' })
  readonly role!: 'introduces' | 'changes' | 'repeats';
  /**
   * Where it stands in the spec.
   * @example api-contracts
   */
  readonly section!: string;
  @ApiProperty({ type: 'integer', example: 12 })
  readonly line!: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly approvedAt!: string | null;
}

/** A draft that does not keep what an approved spec promises. */
export class BrokenPromiseView {
  @ApiProperty({ format: 'uuid', example: someSpec })
  readonly promisedBy!: string;
  /** The draft; the same spec where it is its own amendment. */
  @ApiProperty({ format: 'uuid', example: otherSpec })
  readonly brokenBy!: string;
  /** @example ["the response is another"] */
  readonly how!: string[];
}

/** A command, event, route or entity, and the specs that give it. */
export class ContractView {
  @ApiProperty({ enum: contractKinds, example: 'route' })
  readonly kind!: ContractKind;
  /**
   * A name, or method and path with parameters as `{name}`.
   * @example "POST /api/searches"
   */
  readonly id!: string;
  /** In the order in which they were approved, then the drafts. */
  readonly specs!: ContractSpecView[];
  /** The specs whose drafts both give it; empty unless there are two. */
  @ApiProperty({ example: [] })
  readonly contestedBy!: string[];
  @ApiProperty({ example: [] })
  readonly broken!: BrokenPromiseView[];
}

export class ContractList {
  readonly items!: ContractView[];
  readonly page!: PageView;
  /** How many specs changed and are not read yet: ask again until it is 0. */
  @ApiProperty({ type: 'integer', example: 0 })
  readonly pending!: number;
}

/** Which contracts are wanted; filters that are given together must all fit. */
export class ContractListQuery extends PagedQuery {
  /** @example route */
  @Optional()
  @OneOf(contractKinds)
  readonly kind?: ContractKind;

  /** A name, or method and path with parameters as `{name}`. */
  @Optional()
  @Line(300)
  readonly id?: string;

  /** Those that this spec gives. */
  @Optional()
  @PathId()
  readonly specId?: string;

  /** Only those that two drafts give, or of which a draft breaks a promise. A page may then hold fewer than asked for. */
  @Optional()
  @OneOf(['true'])
  readonly conflicts?: 'true';
}

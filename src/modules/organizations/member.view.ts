import { ApiProperty } from '@nestjs/swagger';
import { OnlyPageView } from '../http/page.view.js';
import { OrganizationReceipt } from './organization.view.js';

/** Somebody, or something, that acts in the organization. */
export class MemberView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03' })
  readonly memberId!: string;
  /** @example "Ada Lovelace" */
  readonly name!: string;
  @ApiProperty({ enum: ['human', 'agent', 'service'], example: 'human' })
  readonly kind!: string;
  @ApiProperty({ format: 'date-time' })
  readonly addedAt!: string;
  /** When the member was removed; null while it is one. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly removedAt!: string | null;
}

/** A named set of members. */
export class GroupView {
  /** @example security */
  readonly groupKey!: string;
  /** @example "Security reviewers" */
  readonly title!: string;
  /** By id. */
  @ApiProperty({ maxItems: 1000, example: ['01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03'] })
  readonly members!: string[];
}

export class MemberList {
  readonly items!: MemberView[];
  readonly page!: OnlyPageView;
}

export class GroupList {
  @ApiProperty({ maxItems: 200 })
  readonly items!: GroupView[];
  readonly page!: OnlyPageView;
}

/** The answer to a new member. */
export class MemberReceipt extends OrganizationReceipt {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03' })
  readonly memberId!: string;
}

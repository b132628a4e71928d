import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { v5 as uuidv5 } from 'uuid';
import { bounds } from './bounds.js';
import { DomainCommand } from './command.js';
import { Example, Line, Markdown, NotBlank, Optional, Reason } from './fields.js';
import { Refuses } from './refuses.js';
import { MaxLength } from './text-length.js';

const pathPattern = /^(?!(?:.*\/)?\.{1,2}(?:\/|$))(?:[^/\\\u0000-\u001f\u007f]+\/)*[^/\\\u0000-\u001f\u007f]+$/;

/** A path inside a repository: relative, with `/`, without `.` and `..`. */
export const RepositoryPath = () =>
  applyDecorators(
    IsString(),
    MaxLength(bounds.rulePath),
    Matches(pathPattern),
    ApiProperty({ type: 'string', minLength: 1, maxLength: bounds.rulePath, pattern: pathPattern.source }),
  );

/** The stream of a rule file of one organization: its id follows from both. */
export const ruleSourceStream = (organizationId: string, path: string): string =>
  uuidv5(`rule-source/${path}`, organizationId);

export abstract class RuleSourceCommand extends DomainCommand {
  /**
   * Where the file stands in its repository.
   * @example packages/core/AGENTS.md
   */
  @RepositoryPath()
  readonly path!: string;

  get streamId(): string {
    return ruleSourceStream(this.caller.organizationId, this.path);
  }
}

/** Takes in a rule file, or its next version: its statements become rules that packs can judge by. */
@Refuses('not_permitted')
export class PutRuleSource extends RuleSourceCommand {
  /** The whole file, kept byte for byte. At most 512 KiB in UTF-8. */
  @Example('# Guidelines\n\n## Always\n\n- Declare every event before it is emitted.\n')
  @NotBlank()
  @Markdown(bounds.ruleSourceBytes)
  readonly markdown!: string;

  /** The revision of the repository that it was read from. */
  @Optional()
  @Line(bounds.ruleRevision)
  readonly revision?: string;
}

/** Ends a rule file: packs that use its statements go on judging by the last ones until they are published without. */
@Refuses('not_permitted')
export class RetireRuleSource extends RuleSourceCommand {
  /** @example "The package is gone." */
  @Reason()
  readonly reason!: string;
}

export const ruleSourceCommands = {
  'compliance.source.put': PutRuleSource,
  'compliance.source.retire': RetireRuleSource,
};

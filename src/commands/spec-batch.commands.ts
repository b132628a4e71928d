import { ApiProperty } from '@nestjs/swagger';
import { IsObject, IsString, MaxLength } from 'class-validator';
import { bounds } from './bounds.js';
import type { DomainCommand } from './command.js';
import { Example, Line, ListOf, Markdown, Optional } from './fields.js';
import { refusedBy, Refuses } from './refuses.js';
import type { SpecCommandName } from './spec.commands.js';
import { RenameSection, SectionCommand, UpdateSection } from './section.commands.js';
import { SpecCommand } from './spec-command.js';
import { specCommands } from './spec.commands.js';

/** A command by its wire name. */
export class NamedCommand {
  /** @example spec.section.update */
  @IsString()
  @MaxLength(100)
  @ApiProperty({ enum: Object.keys(specCommands) })
  readonly name!: SpecCommandName;

  /**
   * What the command of that name takes, the section's key included.
   * @example {"sectionKey":"problem-statement","body":"No search can be shared."}
   */
  @IsObject()
  @ApiProperty({ type: 'object', additionalProperties: true })
  readonly body!: object;
}

/** Several commands for one spec, in order: all of them, or none. */
@Refuses('unknown_command', ...Object.values(specCommands).flatMap((command) => [...refusedBy(command)]))
export class CommandSpec extends SpecCommand {
  @ListOf(() => NamedCommand, bounds.commandsInBatch, 1)
  readonly commands!: NamedCommand[];

  #single: readonly DomainCommand[] = [];

  /** What each name may stand for. */
  static readonly catalog = specCommands;

  /** The named commands as commands; made by the edge, which validates each of them. */
  as(single: readonly DomainCommand[]): this {
    this.#single = single;
    return this;
  }

  override get steps(): readonly DomainCommand[] {
    return this.#single;
  }
}

/** Changes a section's heading, its body, or both: as much of it as is sent. */
@Refuses(...refusedBy(RenameSection), ...refusedBy(UpdateSection))
export class ReviseSection extends SectionCommand {
  /** @example "Problem statement" */
  @Optional()
  @Line(bounds.heading)
  readonly heading?: string;

  /** The whole new text below the heading. */
  @Example('Every team writes its own search page, and none of them can be shared.\n')
  @Optional()
  @Markdown()
  readonly body?: string;

  override get steps(): readonly DomainCommand[] {
    const { specId, sectionKey, heading, body } = this;
    const rename = heading === undefined ? [] : [Object.assign(new RenameSection(), { specId, sectionKey, heading })];
    const update = body === undefined ? [] : [Object.assign(new UpdateSection(), { specId, sectionKey, body })];
    return [...rename, ...update];
  }
}

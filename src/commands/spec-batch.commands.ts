import { ApiProperty, getSchemaPath, OmitType } from '@nestjs/swagger';
import { IsObject, IsString } from 'class-validator';
import { bounds } from './bounds.js';
import type { DomainCommand } from './command.js';
import { Example, Line, ListOf, Markdown, Optional } from './fields.js';
import { refusedBy, Refuses } from './refuses.js';
import type { SpecCommandName } from './spec.commands.js';
import { RenameSection, SectionCommand, UpdateSection } from './section.commands.js';
import { SpecCommand } from './spec-command.js';
import { specCommands } from './spec.commands.js';
import { MaxLength } from './text-length.js';

/** A command by its wire name. */
export class NamedCommand {
  /** @example spec.section.update */
  @IsString()
  @MaxLength(100)
  @ApiProperty({ enum: Object.keys(specCommands) })
  readonly name!: SpecCommandName;

  /** What the command of that name takes, the section's key included. */
  @IsObject()
  @ApiProperty({ type: 'object', additionalProperties: true })
  readonly body!: object;
}

/**
 * Each command as a step of a batch, by its name: what it takes, without the spec, which stands in the path. The classes
 * are only there to be documented: what has a name of its own in the document has one in a generated client.
 */
const steps = Object.entries(specCommands).map(([name, command]) => {
  const Body = OmitType(command as new () => SpecCommand, ['specId']);
  Object.defineProperty(Body, 'name', { value: `${command.name}Step` });
  class Step {
    @ApiProperty({ type: String, enum: [name] })
    readonly name!: string;
    @ApiProperty({ type: Body })
    readonly body!: object;
  }
  Object.defineProperty(Step, 'name', { value: `Named${command.name}` });
  return { name, model: Step, body: Body };
});

/** All classes that the steps of a batch are documented by. */
export const stepModels = steps.flatMap(({ model, body }) => [model, body]);

/** The schema of any of the steps. */
export const anyStep = {
  oneOf: steps.map(({ model }) => ({ $ref: getSchemaPath(model) })),
  discriminator: {
    propertyName: 'name',
    mapping: Object.fromEntries(steps.map(({ name, model }) => [name, getSchemaPath(model)])),
  },
};

/** Several commands for one spec, in order: all of them, or none. */
@Refuses('unknown_command', ...Object.values(specCommands).flatMap((command) => [...refusedBy(command)]))
export class CommandSpec extends SpecCommand {
  @ApiProperty({
    example: [
      { name: 'spec.section.rename', body: { sectionKey: 'tldr', heading: 'In short' } },
      { name: 'spec.section.update', body: { sectionKey: 'tldr', body: 'A search that is kept can be shared.\n' } },
    ],
  })
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

import { v5 as uuidv5 } from 'uuid';
import { bounds } from './bounds.js';
import { DomainCommand } from './command.js';
import { Example, Key, Line, Markdown } from './fields.js';
import { Refuses } from './refuses.js';

/** The stream of a template of one organization: its id follows from both. */
export const templateStream = (organizationId: string, key: string): string =>
  uuidv5(`template/${key}`, organizationId);

export abstract class TemplateCommand extends DomainCommand {
  /**
   * @example rfc
   */
  @Key(80)
  readonly key!: string;

  get streamId(): string {
    return templateStream(this.caller.organizationId, this.key);
  }
}

/** Publishes a template, or the next version of one. Specs stay pinned to the version they were made with. */
@Refuses('invalid_template', 'markdown_too_deep', 'too_many_sections')
export class PublishTemplate extends TemplateCommand {
  /** @example "Request for comments" */
  @Line(bounds.title)
  readonly title!: string;

  /**
   * Its second-level headings are the sections, the text below them the guidance. A section whose heading ends in
   * "(Optional)" is not required; a section "Required Sections" with a numbered list says instead which ones are.
   */
  @Example('## Summary\nOne paragraph.\n\n## Motivation\nWhy?\n')
  @Markdown(200_000)
  readonly markdown!: string;
}

export const templateCommands = {
  'template.version.publish': PublishTemplate,
};

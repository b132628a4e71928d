import { templateCommands } from '../../commands/template.commands.js';
import { templateEvents } from '../../events/template.events.js';
import type { Decider } from '../event-store/decider.js';
import { parseTemplate } from '../markdown/template-document.js';

/** The newest version; null until the organization published one. */
export type TemplateState = {
  key: string;
  version: number;
  title: string;
  markdown: string;
  publishedAt: string;
} | null;

/** The version of a built-in template of that key, 0 if there is none: an organization's own versions follow it. */
export type TemplateFacts = { builtInVersion: number };

export const templateDecider: Decider<TemplateState, typeof templateCommands, typeof templateEvents> = {
  streamType: 'template',
  commands: templateCommands,
  events: templateEvents,
  initial: null,
  bytes: (template) => 500 + 2 * (template?.markdown.length ?? 0),

  decide: {
    'template.version.publish': (state, command) => {
      const { key, title, markdown } = command;
      if (state?.title === title && state.markdown === markdown) return [];
      parseTemplate(markdown);
      const version = (state?.version ?? (command.facts as TemplateFacts).builtInVersion) + 1;
      return [{ type: 'template.version.published', data: { key, version, title, markdown } }];
    },
  },

  evolve: {
    'template.version.published': (_, data, { at }) => ({ ...data, publishedAt: at }),
  },

  tag: (state) => state?.version ?? null,
  touches: () => true,
  receipt: (state) => ({ key: state?.key, templateVersion: state?.version }),
};

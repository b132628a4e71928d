import type { templateEvents } from '../../events/template.events.js';
import type { Projection } from '../event-store/decider.js';
import { ProjectionTable } from '../event-store/projection-tables.js';
import type { TemplateState } from './template.decider.js';

export type TemplateRow = {
  organizationId: string;
  key: string;
  version: number;
  title: string;
  markdown: string;
  publishedAt: string;
};

export const templateTable = new ProjectionTable<TemplateRow>(
  'template',
  {
    organizationId: 'uuid',
    key: 'text',
    version: 'bigint',
    title: 'text',
    markdown: 'text',
    publishedAt: 'timestamptz',
  },
  ['organizationId', 'key', 'version'],
);

export const projectTemplate: Projection<TemplateState, typeof templateEvents> = (
  _,
  { data },
  { organizationId, at },
) => [templateTable.put({ ...data, organizationId, publishedAt: at })];

import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Refusal } from '../../commands/refusals.js';
import { Database } from '../event-store/database.js';
import type { TemplateDocument } from '../markdown/template-document.js';
import { parseTemplate } from '../markdown/template-document.js';
import { builtInTemplate } from './built-in-templates.js';
import type { TemplateList, TemplateSummary, TemplateView } from './template.view.js';

type Stored = { key: string; version: number; title: string; markdown: string; publishedAt: string };
export const builtInKey = builtInTemplate.key;

export type Template = Stored & { document: TemplateDocument };

const columns = `key, version, title,
  to_char(published_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "publishedAt"`;
const one = {
  name: 'templates.one',
  text: `select ${columns}, markdown from specline.template
    where organization_id = $1 and key = $2 and ($3::bigint is null or version = $3) order by version desc limit 1`,
};
const newest = {
  name: 'templates.newest',
  text: `select distinct on (key) ${columns} from specline.template where organization_id = $1 order by key, version desc`,
};

/** The published view of templates: the organization's own, and the built-in one. */
@Injectable()
export class TemplateQueries {
  /** A published version never changes, so what was parsed stays parsed. */
  private readonly parsed = new LRUCache<string, TemplateDocument>({ max: 500 });

  constructor(private readonly database: Database) {}

  /** One version, or the newest; nothing where there is none. */
  async find(organizationId: string, key: string, version?: number): Promise<Template | undefined> {
    if (key === builtInTemplate.key && version === builtInTemplate.version) return builtInTemplate;
    const [stored] = await this.database.query<Stored>(organizationId, one, [organizationId, key, version ?? null]);
    if (!stored) return key === builtInTemplate.key && version === undefined ? builtInTemplate : undefined;
    const id = `${organizationId}/${key}/${stored.version}`;
    const document = this.parsed.get(id) ?? parseTemplate(stored.markdown);
    this.parsed.set(id, document);
    return { ...stored, document };
  }

  async view(organizationId: string, key: string, version?: number): Promise<TemplateView> {
    const template = await this.find(organizationId, key, version);
    if (!template)
      throw new Refusal('not_found', `There is no template "${key}"${version ? ` version ${version}` : ''}.`);
    const { document, markdown, ...summary } = template;
    const sections = document.sections.map((section) => ({ ...section, aliases: [...section.aliases] }));
    return { ...summary, builtIn: template === builtInTemplate, markdown, sections };
  }

  /** The newest version of each template, by key. */
  async list(organizationId: string): Promise<TemplateList> {
    const stored = await this.database.query<Omit<TemplateSummary, 'builtIn'>>(organizationId, newest, [
      organizationId,
    ]);
    const { document: _document, markdown: _markdown, ...builtIn } = builtInTemplate;
    const items = stored.map((template) => ({ ...template, builtIn: false }));
    const shadowed = items.some(({ key }) => key === builtIn.key);
    return { items: [...(shadowed ? [] : [{ ...builtIn, builtIn: true }]), ...items], page: { next: null } };
  }
}

import type { ApiContract } from './design-elements.view.js';
import { fenceLines } from './fences.js';
import { codeSpans, plainText } from './inline.js';
import type { Range } from './positions.js';
import { methodsOf, normalizePath, pathOf, routesIn } from './routes.js';
import type { Route } from './routes.js';
import type { Section } from './section.js';
import { readTable } from './tables.js';
import { joined } from './tree.js';
import type { Block, Fence, Item, Line, List, Part, Table } from './tree.js';

const columns = {
  method: ['method', 'verb', 'http method', 'http'],
  path: ['path', 'route', 'url', 'endpoint', 'uri', 'api', 'api path', 'route family'],
  request: ['request', 'request body', 'body', 'input', 'payload', 'params', 'query'],
  response: ['response', 'returns', 'output', 'result', 'contract'],
} as const;

/** `Request:` and `Response:` in their many names; what follows belongs to the route before. */
const requestLabel =
  /^[*_]*(?:request|body|payload|query|input|params?)\b(?: (?:body|params?|parameters|payload|schema))?[^:`]{0,40}/i;
const responseLabel = /^[*_]*(?:response|returns|output|result)\b[^:]{0,40}/i;

type Draft = { route: Route; form: ApiContract['form']; range: Range; request: string[]; response: string[] };

/**
 * API contracts: routes of the parts about the API, as list items, lines, headings, tables and code lines; headings
 * that are a route count in every part. One contract for each method and normalized path: the first with a request or
 * response, else the first.
 */
export function readApiContracts(section: Section): ApiContract[] {
  const parts = section.about('apiContracts');
  const drafts = section.parts.flatMap((part) => {
    const about = parts.includes(part);
    const heading = headingDrafts(section, part, about);
    if (!about && heading.length === 0) return [];
    return new PartReader(section, heading, about || heading.length > 0).read(part);
  });
  return firstOfEachRoute(
    drafts.map(({ route, form, range, request, response }) => ({
      ...route,
      request: request.length > 0 ? request.join('\n') : null,
      response: response.length > 0 ? response.join('\n') : null,
      form,
      position: section.place(range),
    })),
  );
}

/** One contract for each method and normalized path, in order of first appearance. */
export function firstOfEachRoute<Contract extends ApiContract>(contracts: readonly Contract[]): Contract[] {
  const best = new Map<string, Contract>();
  const fullness = (contract: ApiContract) => Number(contract.request !== null) + Number(contract.response !== null);
  for (const contract of contracts) {
    const route = `${contract.method} ${contract.normalizedPath}`;
    const known = best.get(route);
    if (!known || fullness(contract) > fullness(known)) best.set(route, contract);
  }
  return [...best.values()];
}

/** A heading that is a route: `GET /api/x`, `/api/x (GET)`, or `Route: /api/x` over code that exports the methods. */
function headingDrafts(section: Section, part: Part, about: boolean): Draft[] {
  const draft = (route: Route): Draft => ({ route, form: 'heading', range: part, request: [], response: [] });
  const { routes, start } = routesIn(part.title);
  if (routes.length > 0) return about || /^(?:\d+[.)] ?)?$/.test(part.title.slice(0, start)) ? routes.map(draft) : [];
  const named = /^(?:[\d.)]+ )?(?:route: ?|endpoint: ?)?(\/\S+)(?: \(([A-Z, /|]+)\))?$/i.exec(part.title);
  const path = named ? pathOf(named[1] ?? '') : null;
  if (path !== null && (about || /^route:/i.test(part.title))) {
    const exported = part.blocks.flatMap((block) => (block.kind === 'fence' ? exportedMethods(block) : []));
    const methods = named?.[2] === undefined ? [...new Set(exported)] : methodsOf(named[2]);
    if (methods.length === 0) section.report('apiContract', 'The path has no readable method.', part);
    return methods.map((method) => draft({ method, path, normalizedPath: normalizePath(path) }));
  }
  const method = about ? /^(?:GET|POST|PUT|PATCH|DELETE)\b/.exec(part.title)?.[0] : undefined;
  // A heading that is only a method belongs to the path of the heading it stands under.
  const above = part.parents.map((parent) => /\/[A-Za-z][^\s)]*/.exec(parent.title)?.[0]).findLast(Boolean);
  const parentPath = method === undefined || above === undefined ? null : pathOf(above);
  if (method !== undefined && parentPath !== null) {
    return [draft({ method, path: parentPath, normalizedPath: normalizePath(parentPath) })];
  }
  if (method !== undefined) {
    section.report('apiContract', 'The method has no readable path.', { start: part.start, end: part.headingEnd });
  }
  return [];
}

/** Methods a route file exports: `export async function GET`, `export const POST =`, `export const { GET, POST }`. */
function exportedMethods(fence: Fence): string[] {
  return fenceLines(fence).flatMap((line) => {
    const match = /^export (?:async )?(?:function|const) (?:([A-Z]+)\b|\{ ?([A-Z, ]+) ?\})/.exec(line.text);
    return match ? methodsOf(match[1] ?? match[2] ?? '') : [];
  });
}

/** Walks one part in order; requests and responses go to the routes read last. */
class PartReader {
  private current: Draft[];
  private readonly drafts: Draft[];
  private awaited: 'request' | 'response' | null = null;

  constructor(
    private readonly section: Section,
    heading: Draft[],
    private readonly about: boolean,
  ) {
    this.current = heading;
    this.drafts = [...heading];
  }

  read(part: Part): Draft[] {
    if (this.about) this.blocks(part.blocks);
    return this.drafts;
  }

  private blocks(blocks: readonly Block[]): void {
    for (const block of blocks) {
      if (block.kind === 'table') this.table(block);
      else if (block.kind === 'fence') this.fence(block);
      else if (block.kind === 'list' && this.awaited && !namesRoute(block)) {
        this.give(this.awaited, this.section.source.slice(block.start, block.end).trim());
        this.awaited = null;
      } else if (block.kind === 'paragraph') {
        this.awaited = null;
        for (const line of block.lines) this.line(line, line, 'bullet', joined([line]));
      } else for (const item of block.items) this.item(item);
    }
  }

  private item(item: Item): void {
    const [first] = item.lines;
    if (first) this.line(first, item, 'bullet', joined(item.lines));
    this.blocks(item.blocks);
  }

  private line(line: Line, range: Range, form: ApiContract['form'], source: string): void {
    const label = requestLabel.exec(line.text) ? 'request' : responseLabel.exec(line.text) ? 'response' : null;
    const { routes, start } = routesIn(line.text);
    if (label && this.current.length > 0) {
      const text = plainText(source.slice(line.text.indexOf(':') + 1 || line.text.length)).replace(/^\**\s*/, '');
      if (text === '') this.awaited = label;
      else this.give(label, text);
      return;
    }
    if (routes.length > 0 && leadsToRoute(line.text.slice(0, start))) {
      this.add(routes, form, range);
    } else if (/^[*\s`]*(?:GET|POST|PUT|PATCH|DELETE)(?:`|\s+[`{[<])/.test(line.text) && routes.length === 0) {
      this.section.report('apiContract', 'The method has no readable path.', range);
    }
  }

  private fence(fence: Fence): void {
    if (this.awaited) {
      this.give(this.awaited, fence.content.trim());
      this.awaited = null;
      return;
    }
    for (const line of fenceLines(fence)) {
      const { routes, start } = routesIn(line.text);
      if (routes.length > 0 && /^(?:\/\/|#|--)?\s*$/.test(line.text.slice(0, start))) this.add(routes, 'fence', line);
    }
  }

  private table(table: Table): void {
    const { has, source, text } = readTable(table, columns);
    if (!has('path')) return;
    for (const row of table.rows) {
      const cell = source(row, 'path') ?? '';
      const path = pathOf(codeSpans(cell)[0]?.text ?? plainText(cell));
      const methods = methodsOf(text(row, 'method') ?? '');
      const routes =
        path !== null && methods.length > 0
          ? methods.map((method) => ({ method, path, normalizedPath: normalizePath(path) }))
          : routesIn(cell).routes;
      if (routes.length === 0 && has('method') && cell !== '') {
        this.section.report('apiContract', 'The row has no readable method and path.', row);
      }
      this.add(routes, 'table', row);
      for (const field of ['request', 'response'] as const) {
        const given = text(row, field);
        if (given !== null && routes.length > 0) this.give(field, given);
      }
    }
  }

  private add(routes: readonly Route[], form: ApiContract['form'], range: Range): void {
    if (routes.length === 0) return;
    this.current = routes.map((route) => ({ route, form, range, request: [], response: [] }));
    this.drafts.push(...this.current);
    this.awaited = null;
  }

  private give(field: 'request' | 'response', text: string): void {
    for (const draft of this.current) draft[field].push(text);
  }
}

const namesRoute = (list: List): boolean =>
  list.items.some((item) => routesIn(item.lines[0]?.text ?? '').routes.length > 0);

/** Text before a route that presents it: nothing, a label, or a short lead that ends in a colon, dash or arrow. */
function leadsToRoute(lead: string): boolean {
  const text = plainText(lead.replaceAll('`', '').replaceAll('*', ''));
  return (
    text === '' ||
    (text.length <= 80 && /[:—–→-]$/.test(text)) ||
    /^(?:→|new|existing)$|^[\w ]{1,30}: [\w ]{0,20}$/i.test(text)
  );
}

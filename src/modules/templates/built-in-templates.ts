import { readFileSync } from 'node:fs';
import { builtInAliases, parseTemplate } from '../markdown/template-document.js';

const markdown = readFileSync(new URL('./spec-template.md', import.meta.url), 'utf8');

/** The template that every organization has from the start, version 1. It is data: the Markdown beside this file. */
export const builtInTemplate = {
  key: 'spec',
  version: 1,
  title: 'Engineering specification',
  markdown,
  publishedAt: '2026-11-23T00:00:00.000Z',
  document: parseTemplate(markdown, builtInAliases),
} as const;

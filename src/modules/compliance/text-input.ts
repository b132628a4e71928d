import { parseDocument } from '../markdown/document.js';
import { matchSections } from '../markdown/section-keys.js';
import type { TemplateSection } from '../markdown/section-keys.js';
import type { EvaluatedSpec } from './evaluation-input.js';
import { sha256 } from './section-reading.js';

/**
 * A text that is stored nowhere, as the engine reads specs: its sections by the template, its SHA-256 as content hash.
 * Refuses `markdown_too_deep` and `too_many_sections`.
 */
export function evaluatedText(
  markdown: string,
  template: { key: string; sections: readonly TemplateSection[] },
): EvaluatedSpec {
  const { preamble, title, sections } = parseDocument(markdown);
  const matches = matchSections(
    sections.map(({ heading }) => heading),
    template.sections,
  );
  return {
    specId: null,
    template: template.key,
    labels: [],
    title,
    preamble,
    sections: sections.map((section, index) => ({
      ...section,
      key: matches[index]?.key ?? section.heading,
      contentHash: sha256(section.body),
      notApplicable: null,
    })),
    contentHash: sha256(markdown),
    relations: [],
    lastContentChangeAt: null,
  };
}

import { ImportSpec } from '../../src/commands/spec.commands.js';
import { parseDocument } from '../../src/modules/markdown/document.js';
import { parseTemplate } from '../../src/modules/markdown/template-document.js';
import type { SpecEvent } from '../../src/modules/specs/differences.decider.js';
import { specDecider } from '../../src/modules/specs/spec.decider.js';
import { sha256 } from '../../src/modules/specs/spec-state.decider.js';
import { given } from './given.js';

/** A template of three sections, one of them optional. */
export const template = {
  key: 'note',
  version: 1,
  document: parseTemplate('## TLDR\nIn short.\n\n## Overview\nAt length.\n\n## Rollout (Optional)\nHow.\n'),
};

/** A document of that template. */
export const markdown = '# Kept searches\n\n## TLDR\nKeep them.\n\n## Overview\nFor teams.\n';
/** A section as events carry it. */
export const content = (key: string, heading: string, body: string) => {
  return { key, heading, headingSource: `## ${heading}\n`, body, contentHash: sha256(body) };
};
/** What a rule is told about a document that is imported. */
export const facts = (text: string) => ({
  number: 1,
  template,
  document: parseDocument(text),
  bytes: Buffer.byteLength(text),
});
/** The first event of a spec that `markdown` was imported as. */
export const imported = given(specDecider)
  .when(ImportSpec, { specId: 's', markdown }, facts(markdown))
  .events()[0] as SpecEvent;
/** Given: that spec, and what happened to it later. */
export const spec = (...later: SpecEvent[]) => given(specDecider, imported, ...later);

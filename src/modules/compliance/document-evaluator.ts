import { Injectable } from '@nestjs/common';
import { bounds } from '../../commands/bounds.js';
import type { LintDocument } from '../../commands/lint.commands.js';
import { Refusal } from '../../commands/refusals.js';
import { builtInKey, TemplateQueries } from '../templates/template.queries.js';
import { RulesQueries } from './compliance-rules.queries.js';
import type { EvaluationInput } from './evaluation-input.js';
import { fileTree } from './evaluation-input.js';
import { evaluate } from './evaluation.js';
import type { Evaluation } from './evaluation.view.js';
import { SpecEvaluator } from './spec-evaluator.js';
import { evaluatedText } from './text-input.js';

/** Evaluates documents that are no specs: while they are being written. */
@Injectable()
export class DocumentEvaluator {
  constructor(
    private readonly templates: TemplateQueries,
    private readonly rules: RulesQueries,
    private readonly specs: SpecEvaluator,
  ) {}

  /** @throws Refusal `document_too_large`, `unknown_template`, or what an import of it would be refused for */
  async evaluate(organizationId: string, document: LintDocument, now: Date): Promise<Evaluation> {
    const { markdown, template: key = builtInKey, labels = [] } = document;
    if (Buffer.byteLength(markdown) > bounds.documentBytes) {
      throw new Refusal('document_too_large', `A document has at most ${bounds.documentBytes} bytes.`);
    }
    const [template, { rules, packHash, sources, allowedIds }] = await Promise.all([
      this.templates.find(organizationId, key),
      this.rules.forOrganization(organizationId),
    ]);
    if (!template) throw new Refusal('unknown_template', `There is no template "${key}" here.`);
    const input: EvaluationInput = {
      spec: { ...evaluatedText(markdown, { key, sections: template.document.sections }), labels },
      template: { key, sections: template.document.sections },
      ...{ rules, packHash, sources, allowedIds, now },
      ...{ links: [], attestations: [], waivers: [], relatedSpecs: [], files: fileTree(document) },
    };
    return evaluate(input, this.specs.memo);
  }
}

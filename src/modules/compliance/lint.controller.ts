import { Controller } from '@nestjs/common';
import type { Caller } from '../../commands/command.js';
import { LintDocument } from '../../commands/lint-document.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import { DocumentEvaluator } from './document-evaluator.js';
import { lintView, LintView } from './lint.view.js';

@Controller('v1/organizations/:organizationId/compliance')
export class LintController {
  constructor(private readonly documents: DocumentEvaluator) {}

  @CommandRoute('Post', 'lint', {
    summary: 'What the rules say of a document while it is being written: nothing is kept',
    operationId: 'lintDocument',
    tag: 'Compliance',
    json: LintDocument,
    markdown: LintDocument,
    query: ['template', 'path'],
    receipt: LintView,
    access: 'reader',
    asks: true,
  })
  async lint(@FromRequest() document: LintDocument, @From() { organizationId, now }: Caller) {
    return lintView(await this.documents.evaluate(organizationId, document, now));
  }
}

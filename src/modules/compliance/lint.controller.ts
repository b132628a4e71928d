import { Controller, Headers, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../../commands/command.js';
import { LintDocument } from '../../commands/lint.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import { chosenMediaType } from '../http/representation.js';
import { DocumentEvaluator } from './document-evaluator.js';
import { lintView, LintView } from './lint.view.js';
import { sarifLog } from './sarif.js';

const sarif = 'application/sarif+json';
const someLog = {
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [{ tool: { driver: { name: 'Specline', rules: [] } }, results: [] }],
};

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
    alternative: { mediaType: sarif, description: 'The findings as a log of SARIF 2.1.0.', example: someLog },
  })
  async lint(
    @FromRequest() document: LintDocument,
    @From() { organizationId, now }: Caller,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const form = chosenMediaType(accept, ['application/json', sarif]);
    const evaluation = await this.documents.evaluate(organizationId, document, now);
    void reply.header('vary', 'Accept');
    if (form !== sarif) return lintView(evaluation);
    void reply.header('content-type', sarif);
    return sarifLog(evaluation, uriOf(document.path ?? 'spec.md'));
  }
}

/** A path as a relative URI reference (RFC 3986). */
const uriOf = (path: string): string => path.toWellFormed().split('/').map(encodeURIComponent).join('/');

import { Injectable } from '@nestjs/common';
import { renderDocument } from '../markdown/document.js';
import { SpecPageQueries } from '../specs/spec-page.queries.js';
import { BundleEvents } from './bundle-events.js';
import type { ExportJob } from './export-job.js';
import type { Member } from './zip-writer.js';

/** The Markdown of specs as it was: at the end of what a bundle covers, and of each revision that was approved by then. */
@Injectable()
export class BundleDocuments {
  constructor(
    private readonly events: BundleEvents,
    private readonly specs: SpecPageQueries,
  ) {}

  async *of(job: ExportJob): AsyncGenerator<Member> {
    const { organizationId } = job;
    for await (const spec of this.events.specs(job)) {
      const { number, text } = await this.markdown(organizationId, spec.specId, spec.version);
      const folder = `specs/SPEC-${number}`;
      yield { name: `${folder}/version-${spec.version}.md`, content: whole(text) };
      for (const { revision, version } of await this.events.approvals(organizationId, spec)) {
        const approved = await this.markdown(organizationId, spec.specId, version);
        yield { name: `${folder}/revision-${revision}-approved.md`, content: whole(approved.text) };
      }
    }
  }

  private async markdown(organizationId: string, specId: string, version: number) {
    const { row, sections } = await this.specs.page(organizationId, specId, { version });
    const bodies = sections.map(({ headingSource, body }) => ({ headingSource, body: body ?? '' }));
    return { number: row.number, text: renderDocument({ preamble: row.preamble ?? '', sections: bodies }) };
  }
}

async function* whole(text: string): AsyncGenerator<Buffer> {
  await Promise.resolve();
  yield Buffer.from(text);
}

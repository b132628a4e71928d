import { Injectable } from '@nestjs/common';
import type { RecordedEvent } from '../event-store/history.js';
import { SpecPageQueries } from '../specs/spec-page.queries.js';
import type { BundleSpec } from './bundle-events.js';
import { BundleEvents } from './bundle-events.js';
import { verifying } from './bundle-texts.js';
import { ExportQueries } from './export.queries.js';
import type { ExportJob } from './export-job.js';
import type { Html } from './report-page.js';
import { markup, pageFoot, pageHead, tableFoot, tableHead } from './report-page.js';
import { decisionRow, incidentRow, stepRow, verdictRow } from './report-rows.js';
import type { Seal } from './seal.js';
import { TrailExport } from './trail-export.js';

/** Rows of the whole report: nobody reads more, and a browser would not show them. */
const mostRows = 20_000;

type Row = (event: RecordedEvent) => Html | undefined;
type Left = { rows: number };

/** The part of a bundle that people read, and print: who did what when, what was decided and why, and how to check it. */
@Injectable()
export class BundleReport {
  constructor(
    private readonly events: BundleEvents,
    private readonly specs: SpecPageQueries,
    private readonly trail: TrailExport,
    private readonly exports: ExportQueries,
  ) {}

  async *page(job: ExportJob, seal: Seal, lines: number): AsyncGenerator<Buffer> {
    const left = { rows: mostRows };
    for await (const { text } of this.parts(job, seal, lines, left)) if (text !== '') yield Buffer.from(text);
  }

  private async *parts(job: ExportJob, seal: Seal, lines: number, left: Left): AsyncGenerator<Html> {
    yield pageHead('Specline audit report');
    yield await this.beginning(job, seal, lines);
    for await (const spec of this.events.specs(job)) yield* this.spec(job, spec, left);
    yield* this.table(job, null, left, {
      title: markup`<section class="spec">
        <h2>The organization: members, keys, policies, rules, templates, webhooks</h2>`,
      columns: ['Time', 'Version', 'Who', 'What', 'Why', 'Event'],
      row: stepRow,
      end: markup`</section>`,
    });
    yield* this.incidents(job, left);
    if (left.rows <= 0)
      yield markup`<p>There is more than ${mostRows} rows: all of it is in <code>trail.ndjson</code>.</p>`;
    yield verifying(seal);
    yield pageFoot;
  }

  private async beginning(job: ExportJob, seal: Seal, lines: number): Promise<Html> {
    const [filter = {}] = await this.exports.filters(job.organizationId, [job.filter]);
    const asked = Object.entries(filter).map(([name, value]) => `${name}: ${String(value)}`);
    return markup`<h1>Audit report</h1>
      <p class="note">Written by Specline out of the history of events. Times are UTC.</p>
      <dl>
        <dt>Organization</dt>
        <dd>${job.organizationId}</dd>
        <dt>Export</dt>
        <dd>${job.exportId}, asked for at ${job.createdAt}</dd>
        <dt>What was asked for</dt>
        <dd>${asked.length === 0 ? 'the whole trail' : asked.join('; ')}</dd>
        <dt>Up to</dt>
        <dd>position ${job.position}, covered by seal ${seal.number} of ${seal.sealedAt}</dd>
        <dt>Root</dt>
        <dd><code>${seal.root}</code></dd>
        <dt>Lines of the trail</dt>
        <dd>${lines}</dd>
      </dl> `;
  }

  private async *spec(job: ExportJob, spec: BundleSpec, left: Left): AsyncGenerator<Html> {
    const { row } = await this.specs.page(job.organizationId, spec.specId, { version: spec.version });
    yield markup`<section class="spec">
      <h2>SPEC-${row.number}: ${row.title}</h2>
      <dl>
        <dt>Spec</dt>
        <dd>${spec.specId}</dd>
        <dt>At the end</dt>
        <dd>version ${spec.version}, ${row.lifecycle.replaceAll('_', ' ')}</dd>
        <dt>Content hash</dt>
        <dd><code>${row.contentHash}</code></dd>
        <dt>Owner</dt>
        <dd>${row.owner ?? 'nobody'}</dd>
      </dl> `;
    yield* this.table(job, spec.specId, left, {
      title: markup`<h3>Approvals and votes</h3>`,
      columns: ['Time', 'Who', 'What', 'Meaning', 'Why'],
      row: decisionRow,
    });
    yield* this.table(job, spec.specId, left, {
      title: markup`<h3>Compliance</h3>`,
      columns: ['Time', 'Who', 'What', 'Verdict', 'Rule', 'Why'],
      row: verdictRow,
    });
    yield* this.table(job, spec.specId, left, {
      title: markup`<h3>Who did what when</h3>`,
      columns: ['Time', 'Version', 'Who', 'What', 'Why', 'Event'],
      row: stepRow,
    });
    yield markup`</section>`;
  }

  /** A table of the events that make a row of it; none where there are none. */
  private async *table(
    job: ExportJob,
    specId: string | null,
    left: Left,
    { title, columns, row, end }: { title: Html; columns: string[]; row: Row; end?: Html },
  ): AsyncGenerator<Html> {
    let isBegun = false;
    for await (const event of this.events.about(job, specId)) {
      const made = left.rows > 0 ? row(event) : undefined;
      if (!made) continue;
      left.rows--;
      if (!isBegun) yield markup`${title}${tableHead(...columns)}`;
      isBegun = true;
      yield made;
    }
    if (isBegun) yield markup`${tableFoot}${end}`;
  }

  private async *incidents(job: ExportJob, left: Left): AsyncGenerator<Html> {
    const kinds = (['denied', 'authentication', 'read'] as const).filter((kind) => (job.filter.kind ?? kind) === kind);
    let isBegun = false;
    for (const kind of kinds) {
      for await (const { items } of this.trail.stretches({ ...job, filter: { ...job.filter, kind } })) {
        for (const item of items.slice(0, Math.max(0, left.rows))) {
          left.rows--;
          const columns = ['Time', 'Who', 'What', 'Command', 'Code', 'Spec', 'From'];
          if (!isBegun)
            yield markup`<section class="spec">
              <h2>Refused, failed and read</h2>
              ${tableHead(...columns)}`;
          isBegun = true;
          yield incidentRow(item);
        }
      }
    }
    if (isBegun) yield markup`${tableFoot}</section>`;
  }
}

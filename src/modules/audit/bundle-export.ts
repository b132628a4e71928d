import { Injectable } from '@nestjs/common';
import { BundleDocuments } from './bundle-documents.js';
import { BundleEvents } from './bundle-events.js';
import type { BundleFile } from './bundle-manifest.js';
import { evidenceName, manifestName, writeManifest } from './bundle-manifest.js';
import { BundleReport } from './bundle-report.js';
import { readme } from './bundle-texts.js';
import { EvidenceQueries } from './evidence.queries.js';
import { ExportQueries } from './export.queries.js';
import type { ExportJob, ExportPiece } from './export-job.js';
import type { ExportProgress } from './export-store.js';
import { LedgerQueries } from './ledger.queries.js';
import type { Seal } from './seal.js';
import { SigningKeys } from './signing-keys.js';
import { jsonRow, TrailExport } from './trail-export.js';
import type { Member } from './zip-writer.js';
import { FileHashes, zipped } from './zip-writer.js';

/** How much of a bundle is done when one of its files is begun, in per cent. */
const shares = { trail: 1, evidence: 40, seals: 60, specs: 65, report: 85, manifest: 99 };
const sealsAtOnce = 200;

/** Evidence to hand to somebody who trusts nothing but a public key: a zip, made file by file. */
@Injectable()
export class BundleExport {
  constructor(
    private readonly trail: TrailExport,
    private readonly events: BundleEvents,
    private readonly evidence: EvidenceQueries,
    private readonly ledger: LedgerQueries,
    private readonly documents: BundleDocuments,
    private readonly report: BundleReport,
    private readonly exports: ExportQueries,
    private readonly signingKeys: SigningKeys,
  ) {}

  /** The bytes of the zip. It is made anew when it was cut off: a zip cannot be gone on with. */
  async *pieces(job: ExportJob): AsyncGenerator<ExportPiece> {
    const progress: ExportProgress = { rows: 0, percent: 0 };
    const seal = await this.ledger.seal(job.organizationId, job.seal);
    for await (const bytes of zipped(this.members(job, seal, progress), new Date(job.createdAt))) {
      yield { bytes, ...progress };
    }
  }

  private async *members(job: ExportJob, seal: Seal, progress: ExportProgress): AsyncGenerator<Member> {
    const hashes = new FileHashes();
    for await (const member of this.files(job, seal, progress)) yield hashes.of(member);
    yield { name: manifestName, content: this.manifest(job, hashes.files) };
  }

  private async *files(job: ExportJob, seal: Seal, progress: ExportProgress): AsyncGenerator<Member> {
    const { organizationId, exportId, createdAt, filter } = job;
    const isAll = Object.keys(filter).length === 0;
    const proven = isAll
      ? this.evidence.upTo(organizationId, seal, createdAt)
      : this.evidence.ofChosen({ organizationId, exportId, selection: filter }, seal, createdAt);
    yield { name: 'README.txt', content: texts([readme]) };
    yield { name: 'trail.ndjson', content: this.lines(job, progress) };
    progress.percent = shares.evidence;
    yield { name: evidenceName, content: proven };
    progress.percent = shares.seals;
    yield { name: 'seals.ndjson', content: this.seals(organizationId, seal.number) };
    yield {
      name: 'consistency.json',
      content: this.json(() => this.ledger.consistency(organizationId, 1, seal.number)),
    };
    yield { name: 'keys.json', content: this.json(() => this.ledger.keys()) };
    progress.percent = shares.specs;
    yield* this.documents.of(job);
    progress.percent = shares.report;
    yield { name: 'report.html', content: this.report.page(job, seal, progress.rows) };
    progress.percent = shares.manifest;
  }

  /** The lines of the trail; with them the events are chosen that the other files are about. */
  private async *lines(job: ExportJob, progress: ExportProgress): AsyncGenerator<Buffer> {
    for await (const { rows, items, percent } of this.trail.stretches(job)) {
      await this.events.choose(job, rows);
      progress.rows += items.length;
      progress.percent = shares.trail + Math.floor((percent * (shares.evidence - shares.trail)) / 100);
      if (items.length > 0) yield Buffer.from(items.map(jsonRow).join(''));
    }
  }

  private async *seals(organizationId: string, last: number): AsyncGenerator<Buffer> {
    for (let after = 0; after < last;) {
      const page = await this.ledger.sealsAfter(organizationId, after, sealsAtOnce);
      after = page.at(-1)?.number ?? last;
      const covered = page.filter(({ number }) => number <= last);
      yield Buffer.from(covered.map((seal) => `${JSON.stringify(seal)}\n`).join(''));
    }
  }

  private async *json(read: () => Promise<object>): AsyncGenerator<Buffer> {
    yield Buffer.from(`${JSON.stringify(await read(), null, 2)}\n`);
  }

  private async *manifest(job: ExportJob, files: readonly BundleFile[]): AsyncGenerator<Buffer> {
    const { organizationId, exportId, createdAt, position, seal } = job;
    const [filter = {}] = await this.exports.filters(organizationId, [job.filter]);
    const about = { format: 'specline-bundle-1', organizationId, exportId, createdAt, position, seal } as const;
    const statement = { ...about, filter: { ...filter }, files: [...files] };
    yield Buffer.from(await this.signingKeys.withSigner((signer) => writeManifest(statement, signer)));
  }
}

async function* texts(parts: readonly string[]): AsyncGenerator<Buffer> {
  await Promise.resolve();
  for (const part of parts) yield Buffer.from(part);
}

import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { EvidencePages } from './evidence-pages.queries.js';
import type { EventLine, KeyLine, MissingLine } from './evidence-line.js';
import { EvidenceWriter } from './evidence-writer.js';
import { OmittedVersions } from './omitted-versions.js';
import { LedgerQueries } from './ledger.queries.js';
import type { Signer } from './ledger.js';
import type { Seal } from './seal.js';
import { SigningKeys } from './signing-keys.js';

/** What an evidence file is made of, read before its first byte is sent. */
type Export = { organizationId: string; seal: Seal; keys: KeyLine[]; signer: Signer; exportedAt: string };

/** How many seals are read at once. */
const sealsAtOnce = 200;

/**
 * Evidence as a stream of lines (docs/evidence.md): what the newest seal covers, page by page, so that a history of any
 * length takes the memory of a page.
 */
@Injectable()
export class EvidenceQueries {
  constructor(
    private readonly ledger: LedgerQueries,
    private readonly pages: EvidencePages,
    private readonly signingKeys: SigningKeys,
  ) {}

  async file(organizationId: string, specId: string | undefined): Promise<Readable> {
    const seal = await this.ledger.seal(organizationId);
    if (specId !== undefined && !(await this.pages.hasSpec(organizationId, specId, seal))) {
      throw new Refusal('not_found', 'There is no such spec in this organization, or nothing of it is sealed yet.');
    }
    const what = await this.prepare(organizationId, seal, new Date().toISOString());
    return Readable.from(inBytes(this.lines(what, specId)), { objectMode: false });
  }

  /** The file of an organization's whole history up to a seal. */
  async *upTo(organizationId: string, seal: Seal, exportedAt: string): AsyncGenerator<Buffer> {
    yield* inBytes(this.lines(await this.prepare(organizationId, seal, exportedAt), undefined));
  }

  /**
   * The file of the events that were chosen for an export, each with its proof; what their streams have besides is said
   * to be left out.
   * @param selection by which filter they were chosen; names are tokens
   */
  async *ofChosen(
    { organizationId, exportId, selection }: { organizationId: string; exportId: string; selection: object },
    seal: Seal,
    exportedAt: string,
  ): AsyncGenerator<Buffer> {
    yield* inBytes(this.chosen(await this.prepare(organizationId, seal, exportedAt), exportId, selection));
  }

  private async prepare(organizationId: string, seal: Seal, exportedAt: string): Promise<Export> {
    // The key before the list of keys, so that it is in the list, whoever replaces it meanwhile.
    const signer = await this.signingKeys.withSigner((key) => key);
    const { keys } = await this.ledger.keys();
    const lines = keys.map(({ retiredAt: _, ...key }) => ({ kind: 'key', key }) as KeyLine);
    return { organizationId, seal, signer, keys: lines, exportedAt };
  }

  private async *chosen(what: Export, exportId: string, selection: object): AsyncGenerator<string> {
    const { organizationId, keys, seal, signer, exportedAt } = what;
    const writer = new EvidenceWriter();
    const header = { kind: 'header', format: 'specline-evidence-1', organizationId, specId: null, exportedAt } as const;
    yield writer.write({ ...header, selection: { ...selection } }, ...keys, { kind: 'seal', seal });
    const gaps = new OmittedVersions();
    for await (const page of this.pages.ofChosen(organizationId, exportId, seal)) {
      const proven = await this.proven(
        organizationId,
        seal,
        page.map(({ line }) => line),
      );
      yield writer.write(...page.flatMap((one, at) => [...gaps.before(one), ...proven.slice(at, at + 1)]));
    }
    yield writer.write(...gaps.behind());
    yield writer.end(signer);
  }

  /** Events with their inclusion proofs. */
  private async proven<Line extends EventLine | MissingLine>(
    organizationId: string,
    { size }: Seal,
    lines: readonly Line[],
  ): Promise<Line[]> {
    const positions = lines.flatMap((line) => (line.kind === 'event' && line.position !== null ? [line.position] : []));
    const proofs = await this.ledger.inclusionProofs(organizationId, positions, size);
    const proofOf = new Map(positions.map((position, at) => [position, proofs[at] ?? []]));
    return lines.map((line) =>
      line.kind === 'event' ? { ...line, proof: proofOf.get(line.position ?? 0) ?? [] } : line,
    );
  }

  private async *lines(what: Export, specId: string | undefined): AsyncGenerator<string> {
    const { organizationId, keys, signer, exportedAt } = what;
    const writer = new EvidenceWriter();
    const format = 'specline-evidence-1' as const;
    yield writer.write({ kind: 'header', format, organizationId, specId: specId ?? null, exportedAt }, ...keys);
    yield* specId === undefined ? this.history(what, writer) : this.spec(what, specId, writer);
    yield writer.end(signer);
  }

  /** The events of one spec, each with the proof that the newest seal covers it. */
  private async *spec({ organizationId, seal }: Export, specId: string, writer: EvidenceWriter) {
    yield writer.write({ kind: 'seal', seal });
    for await (const page of this.pages.ofSpec(organizationId, specId, seal)) {
      const lines = page.map(({ line }) => line);
      yield writer.write(...(await this.proven(organizationId, seal, lines)));
    }
  }

  /** All events in the order of the ledger, and behind the last event of each seal the seal. */
  private async *history({ organizationId, seal: newest }: Export, writer: EvidenceWriter) {
    const seals = this.seals(organizationId, newest.number);
    let next = (await seals.next()).value;
    let hashes: string[] = [];
    for await (const page of this.pages.ofOrganization(organizationId, newest)) {
      let text = '';
      for (const { line, entry } of page) {
        text += writer.write(line);
        if (!entry) continue;
        hashes.push(entry.hash);
        for (; next && next.size <= entry.position; next = (await seals.next()).value) {
          text += writer.write({ kind: 'seal', seal: next, hashes });
          hashes = [];
        }
      }
      yield text;
    }
    // Seals over events that neither history nor the ledger has any more.
    for (; next; next = (await seals.next()).value) {
      yield writer.write({ kind: 'seal', seal: next, hashes });
      hashes = [];
    }
  }

  private async *seals(organizationId: string, last: number): AsyncGenerator<Seal, undefined> {
    for (let after = 0; ;) {
      const page = await this.ledger.sealsAfter(organizationId, after, sealsAtOnce);
      for (const seal of page) if (seal.number <= last) yield seal;
      after = page.at(-1)?.number ?? last;
      if (after >= last || page.length === 0) return undefined;
    }
  }
}

async function* inBytes(texts: AsyncGenerator<string>): AsyncGenerator<Buffer> {
  for await (const text of texts) if (text !== '') yield Buffer.from(text);
}

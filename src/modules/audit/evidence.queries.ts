import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Refusal } from '../../commands/refusals.js';
import { EvidencePages } from './evidence-pages.queries.js';
import type { KeyLine } from './evidence-line.js';
import { EvidenceWriter } from './evidence-writer.js';
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
    // The key before the list of keys, so that it is in the list, whoever replaces it meanwhile.
    const signer = await this.signingKeys.withSigner((key) => key);
    const { keys } = await this.ledger.keys();
    const what: Export = {
      organizationId,
      seal,
      signer,
      keys: keys.map(({ retiredAt: _, ...key }) => ({ kind: 'key', key }) as KeyLine),
      exportedAt: new Date().toISOString(),
    };
    return Readable.from(inBytes(this.lines(what, specId)), { objectMode: false });
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
      const positions = page.flatMap(({ line }) =>
        line.kind === 'event' && line.position !== null ? [line.position] : [],
      );
      const proofs = await this.ledger.inclusionProofs(organizationId, positions, seal.size);
      const proofOf = new Map(positions.map((position, at) => [position, proofs[at] ?? []]));
      yield writer.write(
        ...page.map(({ line }) =>
          line.kind === 'event' ? { ...line, proof: proofOf.get(line.position ?? 0) ?? [] } : line,
        ),
      );
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

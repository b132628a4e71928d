import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { EndStatement, EvidenceLine } from './evidence-line.js';
import { writeLine } from './evidence-line.js';
import type { Signer } from './ledger.js';
import { signStatement } from './signing.js';

/** Writes an evidence file line by line, and signs what it wrote. */
export class EvidenceWriter {
  private readonly digest: Hash = createHash('sha256');
  private lines = 0;
  private events = 0;

  /** Each line with its line feed. */
  write(...lines: readonly Exclude<EvidenceLine, { kind: 'end' }>[]): string {
    let text = '';
    for (const line of lines) {
      text += `${writeLine(line)}\n`;
      if (line.kind === 'event') this.events++;
    }
    this.lines += lines.length;
    this.digest.update(text);
    return text;
  }

  end({ keyId, privateKey }: Signer): string {
    const { lines, events } = this;
    const statement: EndStatement = { digest: this.digest.digest('hex'), lines, events, keyId };
    const signature = signStatement('specline-evidence-v1', statement, privateKey);
    return `${writeLine({ kind: 'end', ...statement, signature })}\n`;
  }
}

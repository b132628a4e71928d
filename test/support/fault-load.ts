import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout } from 'node:timers/promises';
import { apiKey, organizationId } from './fault-process.js';
import type { Receipt } from './specs.js';

/** A write that was asked for: what it says is found by its key, which is its request id as well. */
export type Write = {
  key: string;
  /** How many events its commands come to. */
  events: number;
  method: 'POST' | 'PATCH' | 'PUT';
  path: string;
  body: object;
  answer?: { status: number; receipt: Receipt };
};

const document = (title: string) =>
  `# ${title}\n\n## Overview\nFirst.\n\n## Rollout\nFirst.\n\n## Signals\nFirst.\n\n## Costs\nFirst.\n`;
const sections = ['overview', 'rollout', 'signals', 'costs'];
const below = (limit: number) => Math.floor(Math.random() * limit);
const anySection = () => sections[below(sections.length)] ?? '';
const textOf = (key: string, line = 0) =>
  `Written by ${key}, line ${line}.\n\n${'Text of some length. '.repeat(below(20))}`;

function notSent(error: unknown): { status: 'refused' | 'lost'; body: undefined; replayed: false } {
  const { code } = ((error as Error).cause ?? {}) as { code?: string };
  return { status: code === 'ECONNREFUSED' ? 'refused' : 'lost', body: undefined, replayed: false };
}

/** Milliseconds: for one answer, and for a write with all its repetitions. */
const patience = { answer: 3_000, write: 50_000 };

/**
 * Many writers at once on the same few specs and sections, over HTTP. Each repeats a write under its Idempotency-Key
 * until it is acknowledged, to whichever process it is told to ask.
 */
export class Load {
  readonly writes: Write[] = [];
  readonly specs: string[] = [];
  /**
   * How often each status was answered; how often no connection was to be had (`refused`), and how often one ended
   * before the answer (`lost`); how often the acknowledgement was that of an attempt whose answer was lost (`replayed`).
   */
  readonly answers: Record<string, number> = {};
  acknowledged = 0;
  /** Whether new specs come into being besides the first four. */
  creates = true;
  /** Milliseconds that each writer waits between two writes. */
  pause = 0;
  /** Called after each acknowledged write. */
  onAcknowledged: () => void = () => undefined;
  private ending = false;

  /** @param target the URL to send the next attempt to */
  constructor(private readonly target: () => string) {}

  /** Writes so many times, or until `stop`. */
  async run(total: number, writers = 16): Promise<void> {
    this.ending = false;
    for (let n = this.specs.length; n < 4; n++) await this.acknowledge(this.creation());
    const last = this.writes.length + total;
    const write = async () => {
      while (!this.ending && this.writes.length < last) {
        await this.acknowledge(this.any());
        if (this.pause > 0) await setTimeout(this.pause);
      }
    };
    await Promise.all(Array.from({ length: writers }, write));
  }

  /** One edit of a spec's section. */
  edit(specId: string): Promise<void> {
    return this.acknowledge(this.edition(`/${specId}`));
  }

  /** No further write is begun; those under way are seen through by `run`. */
  stop(): void {
    this.ending = true;
  }

  /** Sends every acknowledged write again. @returns those that did not get their first answer */
  async repeat(): Promise<string[]> {
    const strays: string[] = [];
    const left = [...this.writes];
    const again = async () => {
      for (let write = left.pop(); write; write = left.pop()) {
        const { status, body, replayed } = await this.send(write);
        const { answer } = write;
        if (!replayed || status !== answer?.status || !isDeepStrictEqual(body, answer.receipt)) {
          strays.push(`${write.key}: first ${JSON.stringify(answer)}, then ${status} ${JSON.stringify(body)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: 16 }, again));
    return strays;
  }

  /**
   * Sends everything again that was asked for earlier, as clients do who do not know what became of it.
   * @returns the keys of those that were answered as before: the others were done anew
   */
  async resume(earlier: Load): Promise<Set<string>> {
    const kept = new Set<string>();
    const left = [...earlier.writes].reverse();
    const again = async () => {
      for (let write = left.pop(); write; write = left.pop()) {
        const { answer: before, ...asked } = write;
        const now: Write = { ...asked };
        await this.acknowledge(now);
        if (isDeepStrictEqual(now.answer, before)) kept.add(now.key);
      }
    };
    await Promise.all(Array.from({ length: 16 }, again));
    return kept;
  }

  /** Answers other than an acknowledgement, a request to wait, and none. */
  wrongAnswers(): string[] {
    const expected = ['200', '201', '409', '503', 'refused', 'lost', 'replayed'];
    return Object.keys(this.answers).filter((answer) => !expected.includes(answer));
  }

  private count(answer: string): void {
    this.answers[answer] = (this.answers[answer] ?? 0) + 1;
  }

  private async acknowledge(write: Write): Promise<void> {
    this.writes.push(write);
    const until = performance.now() + patience.write;
    for (let pause = 10; ; pause = Math.min(pause * 2, 200)) {
      const { status, body, replayed } = await this.send(write).catch(notSent);
      this.count(String(status));
      if (status === 200 || status === 201) {
        if (replayed) this.count('replayed');
        write.answer = { status, receipt: body as Receipt };
        if (write.path === '') this.specs.push((body as Receipt).specId);
        this.acknowledged++;
        return this.onAcknowledged();
      }
      const wrong = typeof status === 'number' && status !== 409 && status < 500;
      if (wrong || performance.now() > until) throw new Error(`${write.key}: ${status} ${JSON.stringify(body)}`);
      await setTimeout(pause);
    }
  }

  private async send({
    key,
    method,
    path,
    body,
  }: Write): Promise<{ status: number; body: unknown; replayed: boolean }> {
    const answer = await fetch(`${this.target()}/v1/organizations/${organizationId}/specs${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'markdown' in body ? 'text/markdown' : 'application/json',
        'idempotency-key': key,
        'x-request-id': key,
        ...(path !== '' && { 'if-match': '*' }),
      },
      body: 'markdown' in body ? String(body.markdown) : JSON.stringify(body),
      signal: AbortSignal.timeout(patience.answer),
    });
    const text = await answer.text();
    const replayed = answer.headers.get('idempotency-replayed') === 'true';
    return { status: answer.status, body: JSON.parse(text), replayed };
  }

  private creation(): Write {
    const key = randomUUID();
    return { key, events: 1, method: 'POST', path: '', body: { markdown: document(`Spec ${key}`) } };
  }

  /** Mostly an edit of a section that others edit too; now and then something else, or several things at once. */
  private any(): Write {
    const dice = below(100);
    if (dice < 3 && this.creates && this.specs.length < 40) return this.creation();
    const key = randomUUID();
    const spec = `/${this.specs[below(this.specs.length)] ?? ''}`;
    const text = (n = 0) => textOf(key, n);
    if (dice < 10) return { key, events: 1, method: 'PUT', path: `${spec}/title`, body: { title: `Title ${key}` } };
    if (dice < 15) {
      const body = { heading: `Heading ${key}`, body: text() };
      return { key, events: 1, method: 'POST', path: `${spec}/sections`, body };
    }
    if (dice < 30) {
      const commands = Array.from({ length: 2 + below(4) }, (_, n) => {
        return { name: 'spec.section.update', body: { sectionKey: anySection(), body: text(n) } };
      });
      return { key, events: commands.length, method: 'POST', path: `${spec}/commands`, body: { commands } };
    }
    return this.edition(spec);
  }

  private edition(spec: string): Write {
    const key = randomUUID();
    const path = `${spec}/sections/${anySection()}`;
    return { key, events: 1, method: 'PATCH', path, body: { body: textOf(key) } };
  }
}

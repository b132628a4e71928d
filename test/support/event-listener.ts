import type { ClientRequest, IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { expect } from 'vitest';
import type { CloudEventView } from '../../src/modules/feed/feed.view.js';

/** One connection to the stream of events: gathers their positions until it is closed. */
export class EventListener {
  readonly seqs: number[] = [];
  lastId = '';
  private readonly request: ClientRequest;
  private readonly ended: Promise<void>;

  constructor(url: string, apiKey: string, lastEventId?: string) {
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${apiKey}` };
    const resumed = lastEventId === undefined ? headers : { ...headers, 'last-event-id': lastEventId };
    this.request = get(url, { headers: resumed, agent: false });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      this.request.once('response', resolve).once('error', reject);
    });
    // It is cut off on purpose.
    this.ended = answered.then((answer) => this.listen(answer)).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.request.destroy();
    await this.ended;
  }

  /** As a browser's EventSource reads it. */
  private async listen(answer: IncomingMessage): Promise<void> {
    expect(answer.headers['content-type']).toBe('text/event-stream');
    let text = '';
    for await (const chunk of answer.setEncoding('utf8')) {
      text += String(chunk);
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const [, id] = /^id: (\d+)$/m.exec(frame) ?? [];
        const [, data] = /^data: (.*)$/m.exec(frame) ?? [];
        if (id !== undefined) this.lastId = id;
        if (data !== undefined) this.seqs.push(Number((JSON.parse(data) as CloudEventView).seq));
      }
    }
  }
}

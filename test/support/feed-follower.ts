import { setTimeout } from 'node:timers/promises';
import type { CloudEventView, FeedPage } from '../../src/modules/feed/feed.view.js';
import { apiKey, organizationId } from './fault-process.js';

/** A request that gets no answer in this time is sent again, in milliseconds. */
const patience = 5_000;

/**
 * A program that follows an organization's events under the name of a consumer, and holds on whatever becomes of the
 * service: it deals with a page, and commits it until that is acknowledged.
 */
export class FeedFollower {
  /** What it was given, page by page, with what came again because a commit was not acknowledged. */
  readonly given: CloudEventView[] = [];
  /** What it dealt with, each event once by its id. */
  readonly dealt: CloudEventView[] = [];
  private readonly known = new Set<string>();
  private ending = false;

  /** @param target where the service is to be had at the moment */
  constructor(
    private readonly target: () => string,
    private readonly consumerKey: string,
  ) {}

  /** Follows until `stop`, and then until nothing comes any more. */
  async run(): Promise<void> {
    await this.ask('PUT', '', {});
    for (;;) {
      const wasEnding = this.ending;
      const page = (await this.ask('GET', '/events?limit=20&wait=1')) as FeedPage;
      for (const event of page.items) {
        this.given.push(event);
        if (this.known.has(event.id)) continue;
        this.known.add(event.id);
        this.dealt.push(event);
      }
      if (page.items.length > 0) await this.ask('POST', '/commit', { position: page.next });
      else if (wasEnding) return;
    }
  }

  stop(): void {
    this.ending = true;
  }

  /** Asks until there is an answer that is no excuse. */
  private async ask(method: string, path: string, body?: object): Promise<unknown> {
    for (;;) {
      const url = `${this.target()}/v1/organizations/${organizationId}/consumers/${this.consumerKey}${path}`;
      const answer = await fetch(url, {
        method,
        headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(patience),
      })
        .then(async (response) => ({ status: response.status, json: await response.json() }))
        .catch(() => undefined);
      if (answer?.status === 200) return answer.json;
      if (answer && answer.status !== 503) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
      await setTimeout(50);
    }
  }
}

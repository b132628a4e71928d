import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { Tenant } from '../service.js';
import { documentOf, importSpec } from '../specs.js';

/** Some who each edit a spec of their own, one edit after the other, until they are told to stop or the test ends. */
export class Writers {
  written = 0;
  private stopping = false;
  private readonly done: Promise<unknown>;

  constructor(tenant: Tenant, count = 4) {
    this.done = Promise.all(Array.from({ length: count }, () => this.write(tenant)));
    onTestFinished(() => this.stop());
  }

  /** Done when so many edits more were answered; every answer is a success. */
  async more(edits: number): Promise<void> {
    const wanted = this.written + edits;
    while (this.written < wanted) await Promise.race([setTimeout(5), this.done]);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.done;
  }

  private async write(tenant: Tenant): Promise<void> {
    const { specId } = await importSpec(tenant, documentOf('Written along', { TLDR: 'Before.' }));
    for (let edit = 1; !this.stopping; edit++) {
      const answer = await tenant
        .request('patch', `/specs/${specId}/sections/tldr`)
        .set('if-match', '*')
        .send({ body: `Edit ${edit}\n` });
      expect(answer.status).toBe(200);
      this.written++;
      await setTimeout(2);
    }
  }
}

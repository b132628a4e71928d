import type { Person } from './tour-people.js';
import { until } from './tour-people.js';

type Receipt = { specId: string; number: number };
type Standing = { lifecycle: string; contentHash: string; suspects: { specId: string; revision: number }[] };
type Section = { key: string; body: string };
type Progress = { total: number; done: number; phases: { key: string; title: string; status: string }[] };

/** One spec, and what people do with it. */
export class TouredSpec {
  private constructor(
    readonly specId: string,
    readonly name: string,
    private readonly author: Person,
  ) {}

  static async imported(author: Person, title: string, markdown: string): Promise<TouredSpec> {
    const { specId, number } = await author.does<Receipt>(`imports "${title}"`, 'POST', '/specs', markdown);
    return new TouredSpec(specId, `SPEC-${number}`, author);
  }

  get path(): string {
    return `/specs/${this.specId}`;
  }

  standing(): Promise<Standing> {
    return this.author.read<Standing>(this.path);
  }

  /** A transition, with what it takes. */
  async go(who: Person, name: string, what: string, body: object = {}): Promise<void> {
    await who.does(`${what} ${this.name}`, 'POST', `${this.path}/transitions/${name}`, body);
  }

  /** A vote on what is there; tells where the spec stands then. @returns the id of the vote */
  async vote(who: Person, position: string, what: string, more: object = {}): Promise<string> {
    const { contentHash } = await this.standing();
    const body = { position, contentHash, ...more };
    const { voteId } = await who.does<{ voteId: string }>(`${what} ${this.name}`, 'POST', `${this.path}/votes`, body);
    return voteId;
  }

  /** Writes one more rule at the end of the section of risks. */
  async addRule(who: Person, rule: string): Promise<void> {
    const { items } = await who.read<{ items: Section[] }>(`${this.path}/sections`);
    const risks = items.find(({ key }) => key.startsWith('risks-'));
    if (!risks) throw new Error(`${this.name} has no section of risks`);
    const body = `${risks.body.trimEnd()}\n\n- ${rule}\n\n`;
    await who.does(`writes into the risks of ${this.name}: "${rule}"`, 'PATCH', `${this.path}/sections/${risks.key}`, {
      body,
    });
  }

  async relate(who: Person, type: 'depends_on' | 'supersedes', other: TouredSpec): Promise<void> {
    const body = { type, relatedSpecId: other.specId };
    const what = `says that ${this.name} ${type === 'supersedes' ? type : 'depends on'} ${other.name}`;
    await who.does(what, 'POST', `${this.path}/relations`, body);
  }

  /** Waits until it stands there by itself. */
  async comesTo(lifecycle: string, tell: (line: string) => void): Promise<void> {
    await until(
      () => this.standing(),
      (standing) => standing.lifecycle === lifecycle,
    );
    tell(`  The system finds that nothing is missing any more: ${this.name} is ${lifecycle}.`);
  }

  progress(): Promise<Progress> {
    return this.author.read<Progress>(`${this.path}/progress`);
  }

  /** Records phases as done, each with a commit. @param count the first so many; all by default */
  async build(who: Person, count = Number.POSITIVE_INFINITY): Promise<void> {
    const { phases } = await this.progress();
    for (const { key, title, status } of phases.slice(0, count)) {
      if (status === 'done') continue;
      const evidence = [{ kind: 'commit', reference: `${key} of ${this.name}` }];
      const what = `shows that "${title}" of ${this.name} is done`;
      await who.does(what, 'PUT', `${this.path}/phases/${key}`, { status: 'done', evidence });
    }
  }

  /** Its history, a line a step, as the service tells it. */
  history(): Promise<string> {
    return this.author.read<string>(`${this.path}/history?limit=100`, 'text/plain');
  }
}

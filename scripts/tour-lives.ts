import type { Cast, Stage } from './tour-people.js';
import { gather, until } from './tour-people.js';
import { TouredSpec } from './tour-spec.js';

/** A document, and what it is called. */
export type Document = { title: string; markdown: string };

const final = { evidence: [{ kind: 'test_run', reference: 'nightly 412' }] };

/**
 * Plays the whole lives of three specs by HTTP, told as it goes: a first one that is reviewed, built and amended, a
 * second one that depends on it, and a third one that comes past its policy in a night and supersedes the second.
 * @returns the three histories as the service tells them
 * @throws Error where the service does anything else than the tour says
 */
export async function playTour(
  stage: Stage,
  apiKey: string,
  documents: readonly [Document, Document, Document],
): Promise<string[]> {
  const cast = await gather(stage, apiKey);
  const [first, second, third] = documents;
  stage.tell('A first spec is written and reviewed.');
  const roadmap = await TouredSpec.imported(cast.ann, first.title, first.markdown);
  const { dependent, threadId } = await reviewed(cast, roadmap, second);
  stage.tell('What waited is approved by nobody in particular.');
  await cast.bot.does('resolves its thread', 'POST', `/threads/${threadId}/resolve`, { resolution: 'It says so now.' });
  await roadmap.comesTo('approved', stage.tell);
  await dependent.comesTo('approved', stage.tell);
  stage.tell('The first spec is built.');
  await built(cast, roadmap);
  stage.tell('It is amended, and what depends on it is looked at again.');
  await amended(cast, roadmap, dependent, stage);
  stage.tell('A third spec comes past its policy in a night, and is looked at in the morning.');
  const successor = await overridden(cast, third, roadmap, dependent);
  stage.tell('It takes the place of the second.');
  await superseded(cast, dependent, successor);
  const specs = [roadmap, dependent, successor];
  return Promise.all(specs.map((spec) => spec.history()));
}

/** Everything that does not approve: an agent, an author, an open concern, an open thread, a dependency. */
async function reviewed({ ann, ben, cat, bot }: Cast, roadmap: TouredSpec, second: Document) {
  const question = { section: 'risks-impact-review', body: 'How often is stock counted?', blocking: true };
  const { threadId } = await bot.does<{ threadId: string }>(
    `asks how often stock is counted, and blocks ${roadmap.name} by that`,
    'POST',
    `${roadmap.path}/threads`,
    question,
  );
  await roadmap.go(ann, 'submit', 'submits');
  await ann.fails(`tries to approve ${roadmap.name}`, 'not_permitted', 'POST', `${roadmap.path}/transitions/approve`);
  await roadmap.vote(ann, 'approve', 'votes for her own');
  await roadmap.vote(bot, 'approve', 'votes, on behalf of Ann, for', { onBehalfOf: 'Ann' });
  await roadmap.vote(cat, 'approve', 'approves');
  const concern = { comment: 'A receipt could be booked twice: who notices?' };
  const concernId = await roadmap.vote(ben, 'concern', 'raises a concern about', concern);
  await roadmap.addRule(ann, 'Every night stock MUST be counted against the ledger.');
  const path = `${roadmap.path}/concerns/${concernId}/resolution`;
  await ann.fails('tries to resolve the concern of Ben', 'not_permitted', 'POST', path, {
    resolution: 'It is written down now.',
  });
  await ben.does('resolves it himself', 'POST', path, { resolution: 'The count of the night finds it.' });
  await roadmap.vote(ben, 'approve', 'approves');
  const { items } = await cat.read<{ items: { kind: string; specId: string }[] }>('/reviews?for=me&limit=100');
  if (!items.some(({ kind, specId }) => kind === 'outdated_vote' && specId === roadmap.specId)) {
    throw new Error('Cat was not told that her vote is outdated');
  }
  await roadmap.vote(cat, 'approve', 'is told that her vote is outdated, reads again, and approves');

  const dependent = await TouredSpec.imported(cat, second.title, second.markdown);
  await dependent.relate(cat, 'depends_on', roadmap);
  await dependent.go(cat, 'submit', 'submits');
  await dependent.vote(ann, 'approve', 'approves');
  await dependent.vote(ben, 'approve', 'approves');
  if ((await dependent.standing()).lifecycle !== 'in_review') throw new Error('it did not wait for its dependency');
  return { dependent, threadId };
}

async function built({ ann, bot }: Cast, spec: TouredSpec): Promise<void> {
  const { permit } = await bot.read<{ permit: string }>(`${spec.path}/permit`);
  if (permit.split('.').length !== 3) throw new Error('that is no permit');
  await spec.go(ann, 'start', 'starts to build');
  await spec.build(bot, 1);
  await ann.fails(
    'says too early that it is all done',
    'guard_failed',
    'POST',
    `${spec.path}/transitions/complete`,
    final,
  );
  await spec.build(bot);
  await spec.go(ann, 'complete', 'says that all is done of', final);
}

async function amended(
  { ann, ben, cat }: Cast,
  spec: TouredSpec,
  dependent: TouredSpec,
  { tell }: Stage,
): Promise<void> {
  await spec.go(ann, 'amend', 'amends', { reason: 'The count of the night takes too long.' });
  await spec.addRule(ann, 'The count MUST end before the first shift begins.');
  await spec.go(ann, 'submit', 'submits the amendment of');
  await spec.vote(ben, 'approve', 'approves the amendment of');
  await spec.vote(cat, 'approve', 'approves the amendment of');
  const { suspects } = await until(
    () => dependent.standing(),
    (standing) => standing.suspects.length > 0,
  );
  tell(
    `  The system marks ${dependent.name} as suspect: revision ${suspects[0]?.revision} of ${spec.name} is new to it.`,
  );
  const confirmation = { revision: suspects[0]?.revision, conclusion: 'Putaway never runs in the night: all holds.' };
  const path = `${dependent.path}/dependencies/${spec.specId}/confirmation`;
  await cat.does(`has read it, and confirms that ${dependent.name} still holds`, 'POST', path, confirmation);
}

async function overridden(
  { ann, ben, cat, bot }: Cast,
  { title, markdown }: Document,
  roadmap: TouredSpec,
  replaced: TouredSpec,
): Promise<TouredSpec> {
  const spec = await TouredSpec.imported(ann, title, markdown);
  await spec.go(ann, 'submit', 'submits');
  await spec.go(ben, 'return', 'returns', { reason: 'It does not say what it depends on.' });
  await spec.go(ann, 'defer', 'puts off', { reason: 'It waits for the amendment of the roadmap.' });
  await spec.go(ann, 'reopen', 'takes up again', { reason: 'The roadmap is amended.' });
  await spec.relate(ann, 'depends_on', roadmap);
  await spec.relate(ann, 'supersedes', replaced);
  await spec.go(ann, 'submit', 'submits');
  const { contentHash } = await spec.standing();
  const emergency = {
    contentHash,
    reason: 'The yard stands still, and trucks wait in the street.',
    expiresInHours: 12,
  };
  const path = `${spec.path}/overrides`;
  await bot.fails(`tries to override the review of ${spec.name}`, 'not_permitted', 'POST', path, emergency);
  const { overrideId } = await cat.does<{ overrideId: string }>(
    `is on call, and approves ${spec.name} past its policy`,
    'POST',
    path,
    emergency,
  );
  await ben.does('looks at it in the morning, and upholds it', 'POST', `${path}/${overrideId}/review`, {
    upheld: true,
    conclusion: 'It was right: the yard moves again.',
  });
  return spec;
}

async function superseded({ ann, cat, bot }: Cast, spec: TouredSpec, successor: TouredSpec): Promise<void> {
  const body = { successorId: successor.specId, reason: 'The yard plan has all of it.' };
  await bot.fails(`tries to end ${spec.name}`, 'not_permitted', 'POST', `${spec.path}/transitions/supersede`, body);
  await spec.go(cat, 'supersede', `has ${successor.name} supersede`, body);
  await spec.go(cat, 'archive', 'archives', { reason: 'Nobody builds by it any more.' });
  await successor.go(ann, 'start', 'starts to build');
  await successor.build(bot);
  await successor.go(ann, 'complete', 'says that all is done of', final);
}

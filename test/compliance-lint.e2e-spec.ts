import { beforeAll, describe, expect, test } from 'vitest';
import { issueMemberKey } from './support/members.js';
import type { Team } from './support/reviews.js';
import { newTeam, note } from './support/reviews.js';
import { startService } from './support/service.js';
import { houseRule, judgeByHouseRule } from './support/spec-compliance.js';
import { expectProblem, footprint, sendMarkdown } from './support/specs.js';

const service = startService();
let team: Team;
beforeAll(async () => {
  team = await newTeam(service.organization);
  await judgeByHouseRule(team);
});

type Finding = {
  ruleId: string;
  severity: string;
  message: string;
  evidence: { sectionKey: string; line: number; start: number }[];
};
type Lint = { verdict: string; findings: Finding[]; counts: { blocking: number } };
const document = '# Kept searches\n\n## TLDR\nTBD\n';
const lint = (query = '?template=note', apiKey = team.ann.apiKey) =>
  team.tenant.request('post', `/compliance/lint${query}`, apiKey);

describe('a document that is being written', () => {
  test('is told what the rules say of it, with positions, and nothing is kept', async () => {
    const before = await footprint(service);
    const answer = await sendMarkdown(lint(), document).expect(200);
    const { verdict, findings } = answer.body as Lint;
    expect(verdict).toBe('non_compliant');
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(
      expect.arrayContaining(['template.sections.required', 'template.sections.filled', houseRule]),
    );
    expect(findings.find(({ ruleId }) => ruleId === 'template.sections.filled')).toMatchObject({
      severity: 'blocking',
      evidence: [{ sectionKey: 'tldr', line: 3 }],
    });
    expect(answer.headers).not.toHaveProperty('etag');
    expect(await footprint(service)).toEqual(before);
  });

  test('may be sent as JSON, with the labels that its spec will have', async () => {
    const body = { markdown: document, template: 'note', labels: ['payments'] };
    const [json, markdown] = [await lint('').send(body).expect(200), await sendMarkdown(lint(), document).expect(200)];
    expect(json.body).toEqual(markdown.body);
  });

  test('has its relative links judged where the files of the repository are told', async () => {
    const markdown = '# Linked\n\n## TLDR\n[one](../AGENTS.md), [two](other.md)\n';
    const broken = async (told: object) => {
      const answer = await lint('')
        .send({ markdown, template: 'note', ...told })
        .expect(200);
      return (answer.body as Lint).findings.filter(({ ruleId }) => ruleId === 'template.links.resolve').length;
    };
    expect(await broken({})).toBe(0);
    expect(await broken({ path: 'specs/linked.md' })).toBe(0);
    expect(await broken({ path: 'specs/linked.md', files: ['AGENTS.md', 'specs/linked.md'] })).toBe(1);
    expect(await broken({ path: 'specs/linked.md', files: ['AGENTS.md', 'specs/other.md'] })).toBe(0);
    expectProblem(await lint('').send({ markdown, files: 'AGENTS.md' }), 422, 'validation_failed');
  });

  test('is told so as a log of SARIF, by the path that it has', async () => {
    const asked = lint('?template=note&path=specs/kept%20searches.md').set('accept', 'application/sarif+json');
    const answer = await sendMarkdown(asked, document).expect(200);
    expect(answer.headers['content-type']).toMatch(/^application\/sarif\+json/);
    const { version, runs } = JSON.parse(answer.text) as {
      version: string;
      runs: { results: { ruleId: string; level: string; locations: object[] }[] }[];
    };
    expect(version).toBe('2.1.0');
    const filled = runs[0]?.results.find(({ ruleId }) => ruleId === 'template.sections.filled');
    expect(filled).toMatchObject({
      level: 'error',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'specs/kept%20searches.md' }, region: { startLine: 3 } } },
      ],
    });
    const unknown = lint().set('accept', 'image/png').set('content-type', 'text/markdown');
    expectProblem(await unknown.send(document), 406, 'not_acceptable');
  });

  test('is judged for anybody who may read', async () => {
    const reader = await issueMemberKey(team.tenant, team.ann.memberId, 'reader');
    await sendMarkdown(lint('?template=note', reader.apiKey), note).expect(200);
  });

  test('is refused where an import of it would be', async () => {
    expectProblem(await sendMarkdown(lint('?template=nowhere'), document), 422, 'unknown_template');
    expectProblem(await sendMarkdown(lint(), `${'> '.repeat(500)}deep`), 422, 'markdown_too_deep');
    expectProblem(await sendMarkdown(lint(), '## A\n'.repeat(1001)), 422, 'too_many_sections');
    expectProblem(await sendMarkdown(lint(), 'x'.repeat(2 * 1024 * 1024 + 1)), 413, 'body_too_large');
    expectProblem(await lint().set('content-type', 'text/html').send('<p>'), 415, 'unsupported_media_type');
  });
});

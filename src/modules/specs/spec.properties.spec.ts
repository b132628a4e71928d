import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { caller, given } from '../../../test/support/given.js';
import { Refusal } from '../../commands/refusals.js';
import {
  AddSection,
  MoveSection,
  RemoveSection,
  RenameSection,
  UpdateSection,
} from '../../commands/section.commands.js';
import { ImportSpec } from '../../commands/spec.commands.js';
import { evolve } from '../event-store/decider.js';
import { RowSet } from '../event-store/projection-tables.js';
import { parseDocument, renderDocument } from '../markdown/document.js';
import { parseTemplate } from '../markdown/template-document.js';
import type { SpecEvent } from './differences.decider.js';
import { mergeThreeWay } from './merge.decider.js';
import { specDecider } from './spec.decider.js';
import type { Spec } from './spec-state.decider.js';
import { projectSpec, sectionTable, specTable } from './spec.projection.js';

const template = { key: 'note', version: 1, document: parseTemplate('## TLDR\n\n## Overview\n\n## Rollout\n') };
const facts = (text: string) => ({
  number: 1,
  template,
  document: parseDocument(text),
  bytes: Buffer.byteLength(text),
});

/** A spec followed through its events: the rules' state, and the Markdown that the read models give. */
class Followed {
  state: Spec | null = null;
  private readonly rows = new RowSet();
  readonly history: SpecEvent[] = [];

  apply(events: readonly SpecEvent[]): this {
    for (const event of events) {
      const { organizationId, actor, now } = caller;
      const version = this.history.push(event);
      const context = { organizationId, streamId: 'stream', version, at: now.toISOString(), actor };
      this.state = evolve(specDecider, this.state, event, context);
      this.rows.apply(projectSpec(this.state, event, context));
    }
    return this;
  }

  put(markdown: string): this {
    const command = { specId: 's', markdown };
    return this.apply(
      given(specDecider, ...this.history)
        .when(ImportSpec, command, facts(markdown))
        .events(),
    );
  }

  get markdown(): string {
    const [row] = this.rows.of(specTable);
    return renderDocument({ preamble: row?.preamble ?? '', sections: this.sections });
  }

  get sections() {
    const bodies = new Map(this.rows.of(sectionTable).map((section) => [section.key, section]));
    return (this.rows.of(specTable)[0]?.sectionOrder ?? []).map((key) => {
      const { headingSource = '', body } = bodies.get(key) ?? {};
      return { key, headingSource, body: body ?? '' };
    });
  }
}

const eol = fc.constantFrom('\n', '\r\n');
const words = fc.constantFrom('one', 'two', 'three', 'TLDR', 'Overview', '`code` & more', 'Ä Ö');
const block = fc.oneof(
  { weight: 4, arbitrary: fc.array(words, { minLength: 1, maxLength: 4 }).map((all) => all.join(' ')) },
  fc.constantFrom(
    '```\n## in a fence\n```',
    '- a\n- b',
    '> ## quoted',
    '### deeper',
    '<div>\nhtml\n</div>',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '    ## indented',
    '\\## no',
  ),
);
const body = fc.array(block, { maxLength: 4 }).map((blocks) => blocks.map((one) => `${one}\n\n`).join(''));
const heading = fc.tuple(words, fc.constantFrom('atx', 'closed', 'setext')).map(([text, form]) => {
  return form === 'atx' ? `## ${text}\n` : form === 'closed' ? `## ${text} ##\n` : `${text}\n---\n`;
});
const document = fc
  .tuple(
    fc.constantFrom('', '# Title\n\n', '\uFEFF# Title\n\n', '---\na: 1\n---\n\n# T\n\n'),
    fc.array(fc.tuple(heading, body), { maxLength: 6 }),
    eol,
    fc.boolean(),
  )
  .map(([head, sections, ending, cut]) => {
    const text = head + sections.map(([h, b]) => h + b).join('');
    return (cut ? text.trimEnd() : text).replaceAll('\n', ending);
  });

const edit = fc.record({
  kind: fc.constantFrom('add', 'update', 'rename', 'remove', 'move'),
  at: fc.nat(7),
  to: fc.nat(7),
  words,
  body,
});

describe('for any document', () => {
  test('what was imported comes out byte for byte', () => {
    fc.assert(
      fc.property(document, (text) => {
        expect(new Followed().put(text).markdown).toBe(text);
      }),
    );
  });

  test('a whole new version comes out byte for byte, and the same again is no event', () => {
    fc.assert(
      fc.property(document, document, (first, second) => {
        const spec = new Followed().put(first).put(second);
        expect(spec.markdown).toBe(second);
        const before = spec.history.length;
        expect(spec.put(second).history.length).toBe(before);
      }),
    );
  });

  test('any sequence of section commands leaves a document that reads back as the same sections', () => {
    fc.assert(
      fc.property(document, fc.array(edit, { maxLength: 8 }), (text, edits) => {
        const spec = new Followed().put(text);
        for (const one of edits) spec.apply(attempt(spec, one));
        const read = parseDocument(spec.markdown);
        expect(read.sections.map(({ headingSource, body: b }) => ({ headingSource, body: b }))).toEqual(
          spec.sections.map(({ headingSource, body: b }) => ({ headingSource, body: b })),
        );
        expect(spec.state?.sections.map(({ key }) => key)).toEqual(spec.sections.map(({ key }) => key));
        expect(new Set(spec.sections.map(({ key }) => key)).size).toBe(spec.sections.length);
      }),
    );
  });

  test('a state survives being written down: a snapshot of it is the same state', () => {
    fc.assert(
      fc.property(document, fc.array(edit, { maxLength: 8 }), (text, edits) => {
        const spec = new Followed().put(text);
        for (const one of edits) spec.apply(attempt(spec, one));
        expect(JSON.parse(JSON.stringify(spec.state))).toStrictEqual(spec.state);
      }),
    );
  });

  test('a merge with a side that changed nothing gives the other side', () => {
    fc.assert(
      fc.property(document, document, (first, second) => {
        const base = new Followed().put(first).state as Spec;
        const theirs = new Followed().put(first).put(second).state as Spec;
        const desired = { title: theirs.title, preamble: theirs.preamble, sections: theirs.sections.map(withText) };
        const merged = mergeThreeWay(base, base, desired, new Map());
        expect(merged.sections.map(({ key }) => key)).toEqual(theirs.sections.map(({ key }) => key));
        const unchanged = { title: base.title, preamble: base.preamble, sections: base.sections.map(withText) };
        const kept = mergeThreeWay(base, theirs, unchanged, new Map());
        expect(kept.sections.map(({ key, contentHash }) => [key, contentHash])).toEqual(
          theirs.sections.map(({ key, contentHash }) => [key, contentHash]),
        );
      }),
    );
  });
});

const withText = ({ key, heading: text, headingSource, contentHash }: Spec['sections'][number]) => {
  return { key, heading: text, headingSource, contentHash, body: '' };
};

/** The events of one edit, none where a rule refuses it. */
function attempt(
  spec: Followed,
  { kind, at, to, words: text, body: sent }: typeof edit extends fc.Arbitrary<infer T> ? T : never,
): SpecEvent[] {
  const sections = spec.sections;
  const sectionKey = sections[at % Math.max(1, sections.length)]?.key ?? 'none';
  const bodies = new Map(sections.map((section) => [section.key, section.body]));
  const rules = given(specDecider, ...spec.history);
  try {
    switch (kind) {
      case 'add':
        return rules
          .when(
            AddSection,
            { specId: 's', heading: text, body: sent, position: Math.min(to, sections.length) },
            { bodies },
          )
          .events();
      case 'update':
        return rules.when(UpdateSection, { specId: 's', sectionKey, body: sent.trimEnd() }).events();
      case 'rename':
        return rules.when(RenameSection, { specId: 's', sectionKey, heading: text }).events();
      case 'remove':
        return rules.when(RemoveSection, { specId: 's', sectionKey }).events();
      default:
        return rules.when(MoveSection, { specId: 's', sectionKey, position: to }, { bodies }).events();
    }
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

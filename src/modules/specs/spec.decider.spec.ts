import { describe, expect, test } from 'vitest';
import { given, stateAfter } from '../../../test/support/given.js';
import {
  AddSection,
  MarkApplicable,
  MarkNotApplicable,
  MoveSection,
  RemoveSection,
  RenameSection,
  UpdateSection,
} from '../../commands/section.commands.js';
import {
  AssignOwner,
  CreateSpec,
  ImportSpec,
  LabelSpec,
  RelateSpec,
  ReplaceSpec,
  RetitleSpec,
  UnrelateSpec,
  UpdatePreamble,
} from '../../commands/spec.commands.js';
import { parseDocument } from '../markdown/document.js';
import { parseTemplate } from '../markdown/template-document.js';
import type { SpecEvent } from './differences.decider.js';
import { specDecider } from './spec.decider.js';
import { sha256 } from './spec-state.decider.js';

const template = {
  key: 'note',
  version: 1,
  document: parseTemplate('## TLDR\nIn short.\n\n## Overview\nAt length.\n\n## Rollout (Optional)\nHow.\n'),
};
const markdown = '# Kept searches\n\n## TLDR\nKeep them.\n\n## Overview\nFor teams.\n';
const content = (key: string, heading: string, body: string) => {
  return { key, heading, headingSource: `## ${heading}\n`, body, contentHash: sha256(body) };
};
const facts = (text: string) => ({
  number: 1,
  template,
  document: parseDocument(text),
  bytes: Buffer.byteLength(text),
});
const imported = given(specDecider)
  .when(ImportSpec, { specId: 's', markdown }, facts(markdown))
  .events()[0] as SpecEvent;
const spec = (...later: SpecEvent[]) => given(specDecider, imported, ...later);
const section = { specId: 's', sectionKey: 'tldr' };

describe('a new spec', () => {
  test('begins as the skeleton of its template', () => {
    const [created] = given(specDecider)
      .when(CreateSpec, { specId: 's', title: 'Alerts' }, { number: 7, template })
      .events();
    expect(created).toMatchObject({
      type: 'spec.document.created',
      data: {
        number: 7,
        title: 'Alerts',
        template: { key: 'note', version: 1 },
        sections: [{ key: 'tldr' }, { key: 'overview' }, { key: 'rollout' }],
      },
    });
  });

  test('is imported with a report of what was found and what is missing', () => {
    const text = '# Kept\n\n## Overview\nx\n';
    const [event] = given(specDecider).when(ImportSpec, { specId: 's', markdown: text }, facts(text)).events();
    expect(event?.data).toMatchObject({
      title: 'Kept',
      sections: [content('overview', 'Overview', 'x\n')],
      report: { missing: ['tldr'], unread: [], bytes: { in: 22, out: 22 } },
    });
  });

  test('is not made twice', () => spec().when(CreateSpec, { specId: 's', title: 'Again' }).refused('already_exists'));
});

describe('what is not there', () => {
  test('cannot be changed', () =>
    given(specDecider).when(RetitleSpec, { specId: 's', title: 'x' }).refused('not_found'));
  test('has no sections', () =>
    spec().when(UpdateSection, { specId: 's', sectionKey: 'nope', body: 'x' }).refused('not_found'));
});

describe('a section', () => {
  test('is updated, its text closed by a line ending', () =>
    spec()
      .when(UpdateSection, { ...section, body: 'Share them.' })
      .then({
        type: 'spec.section.updated',
        data: { key: 'tldr', body: 'Share them.\n', contentHash: sha256('Share them.\n') },
      }));

  test('with the same text is no event', () =>
    spec()
      .when(UpdateSection, { ...section, body: 'Keep them.\n\n' })
      .then());

  test('takes no second-level heading into its body', () =>
    spec()
      .when(UpdateSection, { ...section, body: 'a\n\n## b\n' })
      .refused('section_not_self_contained'));

  test('takes no fence that is not closed', () =>
    spec()
      .when(UpdateSection, { ...section, body: '```\n## not a heading\n' })
      .refused('section_not_self_contained'));

  test('takes a heading inside a closed fence', () => {
    const body = '```\n## text\n```\n';
    spec()
      .when(UpdateSection, { ...section, body })
      .then({ type: 'spec.section.updated', data: { key: 'tldr', body, contentHash: sha256(body) } });
  });

  test('is renamed and keeps its key', () =>
    spec()
      .when(RenameSection, { ...section, heading: 'In short' })
      .then({
        type: 'spec.section.renamed',
        data: { key: 'tldr', heading: 'In short', headingSource: '## In short\n' },
      }));

  test('is removed', () =>
    spec()
      .when(RemoveSection, section)
      .then({ type: 'spec.section.removed', data: { key: 'tldr' } }));

  test('is moved, and not where it stands already', () => {
    spec()
      .when(MoveSection, { ...section, position: 1 }, { bodies: new Map([['overview', 'For teams.\n']]) })
      .then({ type: 'spec.section.moved', data: { key: 'tldr', position: 1 } });
    spec()
      .when(MoveSection, { ...section, position: 0 }, { bodies: new Map([['overview', 'For teams.\n']]) })
      .then();
    spec()
      .when(MoveSection, { ...section, position: 2 }, { bodies: new Map([['overview', 'For teams.\n']]) })
      .refused('validation_failed');
  });

  test('is added under a key of its own, also twice', () => {
    const add = { specId: 's', heading: 'Overview', body: 'More.' };
    const [added] = spec()
      .when(AddSection, add, { bodies: new Map([['overview', 'For teams.\n']]) })
      .events();
    expect(added).toEqual({
      type: 'spec.section.added',
      data: { section: content('overview-2', 'Overview', 'More.\n'), position: 2 },
    });
  });

  test('does not apply for a reason, until it does or gets a text', () => {
    const mark: SpecEvent = {
      type: 'spec.section.marked_not_applicable',
      data: { key: 'tldr', reason: 'There is nothing to say.' },
    };
    spec()
      .when(MarkNotApplicable, { ...section, reason: 'There is nothing to say.' })
      .then(mark);
    spec(mark)
      .when(MarkNotApplicable, { ...section, reason: 'There is nothing to say.' })
      .then();
    spec(mark)
      .when(MarkApplicable, section)
      .then({ type: 'spec.section.marked_applicable', data: { key: 'tldr' } });
    const body = 'There is.\n';
    const updated: SpecEvent = { type: 'spec.section.updated', data: { key: 'tldr', body, contentHash: sha256(body) } };
    expect(stateAfter(specDecider, [imported, mark, updated])?.sections[0]).toMatchObject({
      notApplicable: null,
      version: 3,
    });
  });

  test('behind one without a final line ending closes that one first', () => {
    const open = '# T\n\n## TLDR\na\n\n## Overview\nb';
    const event = given(specDecider)
      .when(ImportSpec, { specId: 's', markdown: open }, facts(open))
      .events()[0] as SpecEvent;
    given(specDecider, event)
      .when(AddSection, { specId: 's', heading: 'Rollout', body: 'c\n' }, { bodies: new Map([['overview', 'b']]) })
      .then(
        { type: 'spec.section.updated', data: { key: 'overview', body: 'b\n', contentHash: sha256('b\n') } },
        { type: 'spec.section.added', data: { section: content('rollout', 'Rollout', 'c\n'), position: 2 } },
      );
  });
});

describe('the head of a spec', () => {
  test('is retitled in its first heading', () =>
    spec()
      .when(RetitleSpec, { specId: 's', title: 'Alerts' })
      .then({ type: 'spec.document.retitled', data: { title: 'Alerts', preamble: '# Alerts\n\n' } }));

  test('is labelled and owned, and the same again is no event', () => {
    const labelled: SpecEvent = { type: 'spec.document.labelled', data: { labels: ['a', 'b'] } };
    spec()
      .when(LabelSpec, { specId: 's', labels: ['a', 'b'] })
      .then(labelled);
    spec(labelled)
      .when(LabelSpec, { specId: 's', labels: ['b', 'a'] })
      .then();
    spec()
      .when(AssignOwner, { specId: 's', owner: 'ann' })
      .then({ type: 'spec.document.owner_assigned', data: { owner: 'ann' } });
    spec().when(AssignOwner, { specId: 's', owner: null }).then();
  });

  test('is related to what exists, once, and not to itself', () => {
    const relation = { specId: 's', type: 'depends_on', relatedSpecId: 't' } as const;
    const related: SpecEvent = { type: 'spec.document.related', data: { type: 'depends_on', relatedSpecId: 't' } };
    const there = { relatedSpecExists: true, circular: [] };
    spec().when(RelateSpec, relation, there).then(related);
    spec()
      .when(RelateSpec, relation, { ...there, relatedSpecExists: false })
      .refused('invalid_relation');
    const circular = [{ type: 'depends_on' as const, specId: 't' }];
    spec()
      .when(RelateSpec, relation, { ...there, circular })
      .refused('invalid_relation');
    spec()
      .when(RelateSpec, { ...relation, type: 'relates_to' }, { ...there, circular })
      .then({ type: 'spec.document.related', data: { type: 'relates_to', relatedSpecId: 't' } });
    spec(related).when(RelateSpec, relation, there).then();
    spec()
      .when(RelateSpec, { ...relation, relatedSpecId: 's' }, there)
      .refused('invalid_relation');
    spec(related)
      .when(UnrelateSpec, relation)
      .then({ type: 'spec.document.unrelated', data: { type: 'depends_on', relatedSpecId: 't' } });
    spec().when(UnrelateSpec, relation).then();
  });

  test('with another first heading has another title', () =>
    spec()
      .when(UpdatePreamble, { specId: 's', preamble: '# Alerts\n\nNew.\n\n' })
      .then({ type: 'spec.document.retitled', data: { title: 'Alerts', preamble: '# Alerts\n\nNew.\n\n' } }));

  test('takes no section into the preamble', () =>
    spec().when(UpdatePreamble, { specId: 's', preamble: '# A\n\n## B\n' }).refused('section_not_self_contained'));
});

describe('a whole new version', () => {
  const put = (text: string) => spec().when(ImportSpec, { specId: 's', markdown: text }, facts(text));

  test('that is the same is no event', () => put(markdown).then());
  test('gives an event for what differs only', () =>
    put(markdown.replace('For teams.', 'For all.')).then({
      type: 'spec.section.updated',
      data: { key: 'overview', body: 'For all.\n', contentHash: sha256('For all.\n') },
    }));
  test('with the sections swapped moves one', () =>
    put('# Kept searches\n\n## Overview\nFor teams.\n## TLDR\nKeep them.\n\n').then({
      type: 'spec.section.moved',
      data: { key: 'overview', position: 0 },
    }));
  test('sent as JSON as it was read is no event', () =>
    spec()
      .when(
        ReplaceSpec,
        {
          specId: 's',
          title: 'Kept searches',
          preamble: '# Kept searches\n\n',
          sections: [
            { key: 'tldr', heading: 'TLDR', body: 'Keep them.\n\n', notApplicable: null },
            { key: 'overview', heading: 'Overview', body: 'For teams.\n', notApplicable: null },
          ],
        },
        { knownSpecs: new Set() },
      )
      .then());
});

import { describe, expect, test } from 'vitest';
import { given } from '../../../test/support/given.js';
import { content, facts, markdown, spec, template } from '../../../test/support/given-spec.js';
import { RelateSpec, UnrelateSpec } from '../../commands/relation.commands.js';
import { ReplaceSpec } from '../../commands/replace-spec.commands.js';
import { UpdateSection } from '../../commands/section.commands.js';
import {
  AssignOwner,
  CreateSpec,
  ImportSpec,
  LabelSpec,
  RetitleSpec,
  UpdatePreamble,
} from '../../commands/spec.commands.js';
import type { SpecEvent } from './differences.decider.js';
import { specDecider } from './spec.decider.js';
import { sha256 } from './spec-state.decider.js';

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

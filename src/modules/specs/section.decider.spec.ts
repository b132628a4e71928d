import { describe, expect, test } from 'vitest';
import { given, stateAfter } from '../../../test/support/given.js';
import { content, facts, imported, spec } from '../../../test/support/given-spec.js';
import {
  AddSection,
  MarkApplicable,
  MarkNotApplicable,
  MoveSection,
  RemoveSection,
  RenameSection,
  UpdateSection,
} from '../../commands/section.commands.js';
import { ImportSpec } from '../../commands/spec.commands.js';
import type { SpecEvent } from './differences.decider.js';
import { specDecider } from './spec.decider.js';
import { sha256 } from './spec-state.decider.js';

const section = { specId: 's', sectionKey: 'tldr' };

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

import { describe, expect, test } from 'vitest';
import { extractSectionElements } from './elements.js';
import { storyParts } from './stories.js';

const read = (source: string) =>
  extractSectionElements({ key: 'user-stories-use-cases', heading: 'User Stories', source });

test.each([
  ['Clerk wants to scan a box so that stock is right.', 'Clerk', 'scan a box', 'stock is right'],
  ['A manager wants reports', 'manager', 'reports', null],
  ['As an admin, I want to lock a user, so that abuse stops', 'admin', 'lock a user', 'abuse stops'],
  ['As a driver, I see my next stop.', 'driver', 'see my next stop', null],
  ['Other intakes: see below', null, null, null],
])('story %j', (text, actor, action, benefit) => {
  expect(storyParts(text)).toEqual({ actor, action, benefit });
});

describe('user stories', () => {
  test('list items keep their whole text', () => {
    const { userStories } = read(
      '## User Stories\n\n- **Clerk** wants to **scan** so that **it counts**.\n- Something else\n',
    );
    expect(userStories).toMatchObject([
      { actor: 'Clerk', action: 'scan', benefit: 'it counts', text: 'Clerk wants to scan so that it counts.' },
      { actor: null, text: 'Something else' },
    ]);
  });

  test('tables need an actor and an action', () => {
    const { userStories, unread } = read(
      '## User Stories\n\n| ID | Actor | Use case |\n|-|-|-|\n| U1 | Clerk | scan |\n\n| Actor | B |\n|-|-|\n| 1 | 2 |\n',
    );
    expect(userStories).toMatchObject([{ actor: 'Clerk', action: 'scan', text: 'U1 | Clerk | scan' }]);
    expect(unread.map((found) => [found.kind, found.position.line])).toEqual([['userStory', 7]]);
  });
});

import type { UserStory } from './elements.view.js';
import { plainText, trimMarks } from './inline.js';
import type { Section } from './section.js';
import { itemsOf, tablesOf } from './section.js';
import { readTable } from './tables.js';
import { joined } from './tree.js';

const columns = {
  actor: ['actor', 'user', 'role', 'persona', 'as a'],
  action: ['use case', 'story', 'user story', 'action', 'wants to', 'i want', 'goal'],
  benefit: ['benefit', 'so that', 'value'],
  description: ['description', 'details', 'notes'],
} as const;

/**
 * User stories: the list items and tables of `User Stories / Use Cases`. The template's form is "**User** wants to
 * **Action** so that **Benefit**"; "As a user, I want to act so that benefit" is read too. Other items keep their
 * text, with the three parts null.
 */
export function readUserStories(section: Section): UserStory[] {
  return section.about('userStories').flatMap((part) => [
    ...itemsOf(part.blocks).flatMap((item) => {
      const text = plainText(joined(item.lines));
      return text === '' ? [] : [{ ...storyParts(text), text, position: section.place(item) }];
    }),
    ...tablesOf(part.blocks).flatMap((table) => {
      const { has, text } = readTable(table, columns);
      if (!has('actor') || !(has('action') || has('description'))) {
        section.report('userStory', 'The table has no columns for the actor and the action.', table);
        return [];
      }
      return table.rows.map((row) => ({
        actor: text(row, 'actor'),
        action: text(row, 'action') ?? text(row, 'description'),
        benefit: text(row, 'benefit'),
        text: row.cells.map(plainText).filter(Boolean).join(' | '),
        position: section.place(row),
      }));
    }),
  ]);
}

type StoryParts = { actor: string | null; action: string | null; benefit: string | null };

/** Splits a story written in one sentence. Plain searches: a pattern with three open ends would not be linear. */
export function storyParts(story: string): StoryParts {
  const text = trimMarks(story, '. ');
  const lower = text.toLowerCase();
  const asA = /^as an? /.exec(lower);
  const wish =
    /[,:]? (?:i |they |we )?(?:want|wants|need|needs)(?: to)? /.exec(lower) ?? (asA && /, i (?:can )?/.exec(lower));
  if (!wish) return { actor: null, action: null, benefit: null };
  const actor = text.slice(0, wish.index).replace(/^(?:as )?(?:an?|the) /i, '');
  const rest = text.slice(wish.index + wish[0].length);
  const reason = /,? so that |, so /.exec(rest.toLowerCase());
  return {
    actor: actor === '' ? null : actor,
    action: (reason ? rest.slice(0, reason.index) : rest).trim() || null,
    benefit: reason ? rest.slice(reason.index + reason[0].length).trim() || null : null,
  };
}

import type { commentEvents, TextAnchor } from '../src/events/comment.events.js';
import type { SamplesOf } from './golden-values.js';
import { memberId, specId, summary } from './golden-values.js';

const anchor: TextAnchor = {
  quote: 'search',
  prefix: 'A ',
  suffix: ' can be kept.\n',
  start: 2,
  end: 8,
  contentHash: summary.contentHash,
};
const commentId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b77';
const replied = ['comment.thread.opened', 'comment.thread.replied'] as const;

export const commentSamples: SamplesOf<typeof commentEvents> = {
  'comment.thread.opened': {
    after: [],
    payload: {
      specId,
      specVersion: 1,
      section: 'tldr',
      anchor,
      blocking: true,
      body: 'Which one?\n',
      mentions: [memberId],
      suggestion: 'query',
    },
  },
  'comment.thread.replied': {
    after: ['comment.thread.opened'],
    payload: { commentId, body: 'That one.\n', mentions: [], suggestion: 'view' },
  },
  'comment.thread.resolved': {
    after: ['comment.thread.opened'],
    payload: { resolution: 'It says which one.' },
  },
  'comment.thread.reopened': { after: ['comment.thread.opened', 'comment.thread.resolved'], payload: {} },
  'comment.comment.edited': {
    after: replied,
    payload: { commentId, body: 'The second one.\n', mentions: [memberId] },
  },
  'comment.comment.deleted': { after: replied, payload: { commentId } },
  'comment.suggestion.applied': { after: replied, payload: { commentId, specVersion: 2 } },
};

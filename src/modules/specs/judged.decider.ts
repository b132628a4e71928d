import type { JudgedReview } from './counting.decider.js';
import type { Review } from './review-state.decider.js';

/** A spec as judgements see it. */
export const judged = ({
  review,
  sections,
}: {
  review: Review;
  sections: readonly { key: string }[];
}): JudgedReview => {
  return { ...review, sections: sections.map(({ key }) => key) };
};

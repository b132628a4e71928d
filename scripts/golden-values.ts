import { hash } from 'node:crypto';
import type { SectionContent } from '../src/events/spec.events.js';

type Catalog = Record<string, abstract new () => object>;

/** An event of each type in its present schema version, and those of the same stream that it follows. */
export type SamplesOf<C extends Catalog> = {
  [T in keyof C]: { after: readonly (keyof C)[]; payload: InstanceType<C[T]> };
};

export const sha256 = (text: string) => hash('sha256', text);
export const keyId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02';
export const memberId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03';
export const specId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22';
export const voteId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b55';
export const reportId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c11';
/** The form of a token, of nobody. */
export const person = 'pd1:AZlPbmwceo6dHj9vOm8LEQ:3q2-796tvu_erb7v3q2-796tvu8';
export const contentHash = sha256('the content');
export const reason = 'It is as it should be.';

export const section = (key: string, heading: string, body: string): SectionContent => {
  return { key, heading, headingSource: `## ${heading}\n`, body, contentHash: sha256(body) };
};
export const summary = section('tldr', 'TLDR', 'A search can be kept.\n');

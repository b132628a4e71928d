import { bounds } from '../../commands/bounds.js';
import { Refusal } from '../../commands/refusals.js';
import { parseDocument, renderDocument } from '../markdown/document.js';
import type { LineEnding } from '../markdown/section-text.js';
import { closeText, isAtxHeading, isClosed, sectionHeadingSource } from '../markdown/section-text.js';
import type { DesiredSection, DesiredSpec } from './differences.decider.js';
import { sha256 } from './spec-state.decider.js';

type Text = { heading: string; headingSource: string; body: string };

/**
 * A spec put together from parts, so that its Markdown reads back as these very parts: texts that go on are closed, and
 * underlined headings get number signs where they would run into what stands above. What cannot be kept apart is refused.
 *
 * @param bodies the present texts, for sections that are to stay as they are
 */
export function readable(desired: DesiredSpec, bodies: ReadonlyMap<string, string>, eol: LineEnding): DesiredSpec {
  const last = desired.sections.length - 1;
  const preamble = last < 0 ? desired.preamble : closeText(desired.preamble, eol);
  const texts = desired.sections.map(({ key, heading, headingSource, body = bodies.get(key) ?? '' }, at): Text => {
    const closed = at < last;
    return {
      heading,
      headingSource: closed || body !== '' ? closeText(headingSource, eol) : headingSource,
      body: closed ? closeText(body, eol) : body,
    };
  });
  const plain = texts.map((text) =>
    isAtxHeading(text.headingSource) ? text : { ...text, headingSource: sectionHeadingSource(text.heading, eol) },
  );
  const wrong = firstUnlike(preamble, texts);
  const chosen = wrong === undefined ? texts : firstUnlike(preamble, plain) === undefined ? plain : undefined;
  if (!chosen) {
    const detail = 'A section holds a second-level heading, or a fence or HTML block that is not closed.';
    throw new Refusal('section_not_self_contained', detail, { sectionKey: desired.sections[wrong ?? 0]?.key });
  }
  return {
    ...desired,
    preamble,
    sections: desired.sections.map((section, at) => withText(section, chosen[at], bodies)),
  };
}

function withText(
  section: DesiredSection,
  text: Text | undefined,
  bodies: ReadonlyMap<string, string>,
): DesiredSection {
  if (!text) return section;
  const { headingSource, body } = text;
  const { key, heading, notApplicable } = section;
  const stays = section.body === undefined && body === bodies.get(key);
  const open = !isClosed(headingSource + body);
  return {
    key,
    heading,
    headingSource,
    contentHash: stays ? section.contentHash : sha256(body),
    ...(open && { open }),
    ...(!stays && { body }),
    ...(notApplicable !== undefined && { notApplicable }),
  };
}

/** Where the document reads back otherwise than it was put together; undefined where it does not. */
function firstUnlike(preamble: string, texts: readonly Text[]): number | undefined {
  const markdown = renderDocument({ preamble, sections: texts });
  if (Buffer.byteLength(markdown) > bounds.documentBytes) {
    throw new Refusal('document_too_large', `A document has at most ${bounds.documentBytes} bytes.`);
  }
  const read = parseDocument(markdown);
  const wrong = texts.findIndex(
    (text, at) => text.headingSource !== read.sections[at]?.headingSource || text.body !== read.sections[at].body,
  );
  if (wrong >= 0) return wrong;
  return read.preamble === preamble && read.sections.length === texts.length ? undefined : 0;
}

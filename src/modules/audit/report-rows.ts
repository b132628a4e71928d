import type { SpecApproved } from '../../events/lifecycle.events.js';
import type { OverrideUsed } from '../../events/override.events.js';
import type { VoteCast } from '../../events/review.events.js';
import type { ReportIssued } from '../../events/spec-compliance.events.js';
import type { RecordedEvent } from '../event-store/history.js';
import type { Html } from './report-page.js';
import { markup, tableRow } from './report-page.js';
import { sentenceOf } from './sentences.js';
import type { TrailEntryView } from './trail.view.js';

type Said = Record<string, unknown>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const who = ({ metadata: { actor } }: RecordedEvent): Html =>
  markup`${actor.name} <span class="note">(${actor.kind})</span>`;

/** Why, in the words of whoever did it, under whichever name the event has for it. */
function reasonOf({ payload }: RecordedEvent): string {
  const said = payload as Said;
  const names = ['reason', 'comment', 'resolution', 'conclusion', 'justification', 'sentence'];
  return names.flatMap((name) => (typeof said[name] === 'string' ? [said[name]] : [])).join(' ');
}

/** What each event about a spec, or about the organization, came to. */
export const stepRow = (event: RecordedEvent): Html =>
  tableRow(event.recordedAt, `v${event.version}`, who(event), sentenceOf(event), reasonOf(event), event.type);

const isDecision =
  /^spec\.(?:vote|concern|override)\.|^spec\.lifecycle\.(?:submitted|returned|approved|rejected|withdrawn)$/;
const isVerdict = /^compliance\.(?:report|verdict|rule|attestation|waiver|link)\./;

/** Votes, concerns, overrides and what they led to: with what they mean. */
export function decisionRow(event: RecordedEvent): Html | undefined {
  if (!isDecision.test(event.type)) return undefined;
  return tableRow(event.recordedAt, who(event), sentenceOf(event), meaningOf(event), reasonOf(event));
}

function meaningOf({ type, payload }: RecordedEvent): Html {
  if (type === 'spec.vote.cast') {
    const { meaning, conditions, contentHash, authentication } = payload as VoteCast;
    const listed = conditions.map((condition) => markup`<li>${condition}</li>`);
    return markup`${meaning}${
      conditions.length > 0
        ? markup`<ul>
              ${listed}
            </ul>`
        : ''
    } <br /><span class="note"
        >of content <code>${contentHash}</code>, signed by ${authentication.method}
        <code>${authentication.keyId}</code></span
      >`;
  }
  if (type === 'spec.lifecycle.approved') {
    const { policy, contentHash, voteIds } = payload as SpecApproved;
    return markup`content <code>${contentHash}</code>, policy ${policy.key} version ${policy.version}
      (<code>${policy.hash}</code>), votes ${voteIds.join(', ')}`;
  }
  if (type === 'spec.override.used') {
    const { unmet, expiresAt } = payload as OverrideUsed;
    return markup`until ${expiresAt}, though this was not met:
      <ul>
        ${unmet.map((one) => markup`<li>${one}</li>`)}
      </ul>`;
  }
  const { contentHash } = payload as Said;
  return typeof contentHash === 'string' ? markup`content <code>${contentHash}</code>` : markup``;
}

/** What the rules said, and what people ruled. */
export function verdictRow(event: RecordedEvent): Html | undefined {
  if (!isVerdict.test(event.type)) return undefined;
  const said = event.payload as Said;
  const what = event.type.slice('compliance.'.length).replaceAll(/[._]/g, ' ');
  return tableRow(event.recordedAt, who(event), what, verdictOf(event), textOf(said.ruleId), reasonOf(event));
}

function verdictOf({ type, payload }: RecordedEvent): string {
  const { verdict, position, expiresAt } = payload as Said;
  if (type === 'compliance.report.issued') {
    const { number, counts, contentHash } = payload as ReportIssued;
    const outcomes = Object.entries(counts).filter(([, count]) => count > 0);
    const counted = outcomes.map(([outcome, count]) => `${outcome.replaceAll('_', ' ')}: ${count}`).join(', ');
    return `report ${number}: ${textOf(verdict).replaceAll('_', ' ')} (${counted}), on content ${contentHash.slice(0, 12)}`;
  }
  const until = textOf(expiresAt) === '' ? '' : `until ${textOf(expiresAt)}`;
  return [textOf(verdict), textOf(position), until].filter((one) => one !== '').join(', ');
}

/** What left no event. */
export const incidentRow = ({ recordedAt, kind, type, actor, command, code, specId, request }: TrailEntryView): Html =>
  tableRow(
    recordedAt,
    markup`${actor.name} <span class="note">(${actor.kind})</span>`,
    `${kind}: ${type}`,
    command,
    code,
    specId,
    request?.address,
  );

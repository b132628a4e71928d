import type { Html } from './report-page.js';
import { markup } from './report-page.js';
import type { Seal } from './seal.js';

const steps = [
  'Get the public keys from the service once, and keep them: GET /.well-known/specline-keys.json.',
  'npx specline verify bundle.zip --key keys.json   (offline, on any machine)',
  'It answers VERIFIED, or names the file or the first event that was altered, dropped or inserted.',
];

/** How a reader of the report checks it. */
export const verifying = (seal: Seal): Html =>
  markup`<section class="spec">
    <h2>How to check this</h2>
    <p>
      This page says what the events in <code>evidence.ndjson</code> say. Each of them leads by its proof to the root
      that seal ${seal.number} signs, and this page itself is among the files that <code>manifest.json</code> signs.
    </p>
    <ol>
      ${steps.map((step) => markup`<li>${step}</li>`)}
    </ol>
    <dl>
      <dt>Seal ${seal.number}</dt>
      <dd><code>${seal.root}</code>, ${seal.size} events, ${seal.sealedAt}</dd>
      <dt>Signed by</dt>
      <dd><code>${seal.keyId}</code></dd>
    </dl>
  </section> `;

/** What is in a bundle, for whoever opens it first. */
export const readme = `Evidence out of Specline
========================

report.html        who did what when, to read and to print
trail.ndjson       the lines of the audit trail that were asked for, a JSON object each
evidence.ndjson    their events as they were stored and sealed, with proofs (docs/evidence.md)
seals.ndjson       all seals of the organization up to the one that covers this, a JSON object each
consistency.json   the proof that the last of them only added to the first
keys.json          the public keys that ever signed, with how each replaced the one before
specs/             the Markdown of each spec, at the end and as each revision was approved
manifest.json      the SHA-256 of each file, signed

To check it: keep the public keys of the service (GET /.well-known/specline-keys.json) from elsewhere than from here, then

    npx specline verify bundle.zip --key keys.json

A bundle of a part of the trail leaves events out. evidence.ndjson says of every stream in it which of its versions are left
out, so that nothing else can be missing; that a stream was left out as a whole is what the filter in manifest.json says.
Names of persons stand in events as tokens; in report.html and trail.ndjson as they could be read when this was made.
`;

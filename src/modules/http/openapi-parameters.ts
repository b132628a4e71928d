/** Parameters that are not members of a command or a query. */
type Parameter = { name: string; in: string; required: boolean; description: string; schema: object; example: string };

const key = { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' };
/** Of headers that take any text. */
export const freeHeaderLength = 4096;

const id = { type: 'string', format: 'uuid', maxLength: 36 };

const inPath: Record<string, { description: string; schema: object; example: string }> = {
  organizationId: {
    description: 'The organization of the API key; every other one is 404.',
    schema: id,
    example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01',
  },
  eventId: { description: 'The event.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33' },
  specId: { description: 'The spec.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' },
  relatedSpecId: { description: 'The other spec.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b22' },
  keyId: {
    description: 'The API key, by its id: never its secret.',
    schema: id,
    example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02',
  },
  memberId: { description: 'The member.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03' },
  policyKey: { description: "The policy's key.", schema: { ...key, maxLength: 80 }, example: 'security' },
  voteId: { description: 'The vote.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b55' },
  concernId: {
    description: 'The concern, by the id of the vote that raised it.',
    schema: id,
    example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b55',
  },
  overrideId: { description: 'The override.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b88' },
  holdKey: { description: 'The legal hold.', schema: { ...key, maxLength: 80 }, example: 'audit-2026' },
  revision: {
    description: "The revision's number.",
    schema: { type: 'integer', minimum: 1, maximum: 1_000_000_000 },
    example: '1',
  },
  groupKey: { description: "The group's key.", schema: { ...key, maxLength: 80 }, example: 'security' },
  threadId: { description: 'The thread of comments.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b66' },
  commentId: {
    description: 'The comment; the first one of a thread has the id of the thread.',
    schema: id,
    example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b77',
  },
  endpointId: { description: 'The endpoint.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba1' },
  deliveryId: { description: 'The delivery.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba3' },
  replayId: { description: 'The replay.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba4' },
  exportId: { description: 'The export.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0d11' },
  shareId: { description: 'The share link.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0d22' },
  operationId: {
    description: 'The operation.',
    schema: id,
    example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b51',
  },
  phaseKey: {
    description: "The phase's key in the progress of the spec.",
    schema: { ...key, maxLength: 100 },
    example: 'phase-1',
  },
  consumerKey: { description: "The consumer's key.", schema: { ...key, maxLength: 80 }, example: 'ci' },
  sectionKey: {
    description: "The section's key, stable as long as the section lives.",
    schema: { ...key, maxLength: 100 },
    example: 'problem-statement',
  },
  path: {
    description: 'Where the rule file stands in its repository, percent-encoded as one part of the path.',
    schema: { type: 'string', minLength: 1, maxLength: 300 },
    example: 'packages%2Fcore%2FAGENTS.md',
  },
  ruleKey: {
    description: 'The rule: the key of its pack, a dot, and its key in it.',
    schema: { type: 'string', pattern: '^[a-z0-9]+(?:[._-][a-z0-9]+)*$', maxLength: 200 },
    example: 'template.sections.required',
  },
  packKey: { description: "The rule pack's key.", schema: { ...key, maxLength: 80 }, example: 'security' },
  reportId: { description: 'The report.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c11' },
  linkId: { description: 'The link.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c22' },
  attestationId: { description: 'The attestation.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c33' },
  waiverId: { description: 'The waiver.', schema: id, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c44' },
  view: {
    description: 'What is shown.',
    schema: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$', maxLength: 40 },
    example: 'activity',
  },
  templateKey: { description: "The template's key.", schema: { ...key, maxLength: 80 }, example: 'spec' },
};

/** A parameter of the path by its name. */
export function pathParameter(name: string): Parameter {
  const known = inPath[name];
  if (!known) throw new Error(`openapi-parameters.ts does not describe {${name}}`);
  return { name, in: 'path', required: true, ...known };
}

/** Nothing is wrong in it but its length: what is no tag of ours matches nothing. */
export const ifNoneMatch: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'ETags that the caller has: if one of them is the present one, the answer is 304',
  schema: { type: 'string', maxLength: freeHeaderLength },
  example: '"6"',
};

/** What cannot be understood is no preference, and nothing is wrong in it but its length (RFC 7240, section 2). */
export const prefer: Parameter = {
  name: 'Prefer',
  in: 'header',
  required: false,
  description: '`wait=N` waits up to N seconds, at most 30, for all that was written before the request',
  schema: { type: 'string', maxLength: freeHeaderLength },
  example: 'wait=5',
};

/** For what can be had in part. */
export const rangeHeaders: readonly Parameter[] = [
  {
    name: 'Range',
    in: 'header',
    required: false,
    description: 'One range of bytes (RFC 9110, section 14.2); several, and what cannot be understood, is the whole',
    schema: { type: 'string', maxLength: freeHeaderLength },
    example: 'bytes=0-',
  },
  {
    name: 'If-Range',
    in: 'header',
    required: false,
    description: 'The ETag of what the range is to be a part of; if it is another by now, the answer is the whole',
    schema: { type: 'string', maxLength: freeHeaderLength },
    example: `"${'9f86d081884c7d65'.repeat(4)}"`,
  },
];

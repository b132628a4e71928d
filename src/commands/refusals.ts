/**
 * Every way Specline says no, in one place: the stable `code` of a problem document, its HTTP status and its title.
 * Codes are part of the public contract (docs/api-conventions.md): add, never rename.
 */
export const refusals = {
  // 400: the request could not be read
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  malformed_encoding: { status: 400, title: 'The body is not valid UTF-8' },
  forbidden_character: { status: 400, title: 'The text holds a character that cannot be stored' },
  invalid_request: { status: 400, title: 'The request does not fit the operation' },
  unknown_query_parameter: { status: 400, title: 'The operation has no such query parameter' },
  invalid_cursor: { status: 400, title: 'The cursor is not one this list gave out' },
  invalid_header: { status: 400, title: 'A header has an unusable value' },

  // 401 to 404: who asks, and for what
  unauthenticated: { status: 401, title: 'A valid API key is needed' },
  not_permitted: { status: 403, title: 'This key may not do that' },
  not_found: { status: 404, title: 'There is no such thing here' },
  method_not_allowed: { status: 405, title: 'The resource has no such method' },
  not_acceptable: { status: 406, title: 'No representation fits the Accept header' },

  // 409: the request and the present state do not go together
  already_exists: { status: 409, title: 'It exists already' },
  merge_conflict: { status: 409, title: 'Both sides changed the same section' },
  idempotency_key_in_flight: { status: 409, title: 'A request with this Idempotency-Key is still running' },
  transition_not_allowed: { status: 409, title: 'The spec does not stand where this leads from' },
  guard_failed: { status: 409, title: 'A condition of the transition is not met' },
  content_locked: { status: 409, title: 'The content cannot change where the spec stands' },
  content_changed: { status: 409, title: 'The content is not the one that was read' },
  review_not_open: { status: 409, title: 'The spec is not in review' },
  policy_change_pending: { status: 409, title: 'Another change of the policy waits to be confirmed' },
  not_ready: { status: 409, title: 'It is still being made, or could not be' },
  not_approved: { status: 409, title: 'No revision of the spec is approved and in force' },
  legal_hold: { status: 409, title: 'A legal hold forbids it' },
  write_contention: { status: 409, title: 'Too many writers at once' },

  // 410: it was here
  gone: { status: 410, title: 'It has expired or was taken back' },

  // 412 to 428: preconditions and representations
  stale_version: { status: 412, title: 'It changed since the version in If-Match' },
  body_too_large: { status: 413, title: 'The body is over the documented limit' },
  unsupported_media_type: { status: 415, title: 'The operation does not take this Content-Type' },
  range_not_satisfiable: { status: 416, title: 'The range begins behind the end' },
  precondition_required: { status: 428, title: 'A write to something that exists needs If-Match' },

  // 408, 429 and 431: before any operation is reached
  request_timeout: { status: 408, title: 'The request did not come in whole in time' },
  rate_limited: { status: 429, title: 'The key has used up its requests' },
  headers_too_large: { status: 431, title: 'The headers are too large' },

  // 422: understood, and refused by a rule
  validation_failed: { status: 422, title: 'A field breaks its rule' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used for another request' },
  markdown_too_deep: { status: 422, title: 'The Markdown is nested too deeply' },
  too_many_sections: { status: 422, title: 'The document has too many sections' },
  section_not_self_contained: { status: 422, title: 'The body would change the sections around it' },
  invalid_heading: { status: 422, title: 'The heading cannot be a section heading' },
  document_too_large: { status: 422, title: 'The document would grow over the documented limit' },
  invalid_template: { status: 422, title: 'The Markdown cannot serve as a template' },
  unknown_template: { status: 422, title: 'There is no such template' },
  unknown_member: { status: 422, title: 'There is no such member' },
  unknown_command: { status: 422, title: 'There is no such command' },
  invalid_relation: { status: 422, title: 'The relation cannot be made' },
  too_many_exports: { status: 422, title: 'The organization has too many exports' },
  too_many_shares: { status: 422, title: 'The organization has too many share links' },
  too_many_endpoints: { status: 422, title: 'The organization has too many webhook endpoints' },
  challenge_failed: { status: 422, title: 'The address did not answer the challenge' },

  // 5xx: our fault, or the database's
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'The service cannot answer just now' },
} as const satisfies Record<string, { status: number; title: string }>;

export type RefusalCode = keyof typeof refusals;

/** One field that is wrong: where (RFC 6901 pointer into the body, or a parameter's name), which rule, in words. */
export type FieldProblem = { pointer: string; code: string; message: string };

/** Extra members of the problem document (RFC 9457, section 3.2). */
export type RefusalDetails = { errors?: FieldProblem[] } & Record<string, unknown>;

/** A rule said no. Thrown from pure code as well as from the edges; one filter turns it into problem+json. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    /** One or two sentences for the reader: what was wrong with this request, and what would be right. */
    detail: string,
    readonly details: RefusalDetails = {},
  ) {
    super(detail);
  }

  get status(): number {
    return refusals[this.code].status;
  }

  get title(): string {
    return refusals[this.code].title;
  }
}

/** The bounds of what may be asked, in one place because they are documented in one place (docs/configuration.md). */
export const bounds = {
  /** Of a whole document and so of any part of it, in UTF-8 bytes. */
  documentBytes: 2 * 1024 * 1024,
  /** Characters. */
  title: 300,
  heading: 300,
  label: 60,
  labels: 50,
  owner: 120,
  reason: 2000,
  relations: 200,
  commandsInBatch: 100,
  comment: 20_000,
  condition: 500,
  conditions: 20,
  votedSections: 100,
  quote: 10_000,
  suggestion: 20_000,
  mentions: 20,
  commentsInThread: 500,
  reference: 1000,
  files: 20_000,
  evidence: 100,
  rulePath: 300,
  ruleRevision: 100,
  /** Of one rule file, in UTF-8 bytes. */
  ruleSourceBytes: 512 * 1024,
  rulesInPack: 500,
  ruleId: 200,
  elementKey: 500,
  linksOfSpec: 2000,
  /** Of an organization. */
  endpoints: 100,
  endpointUrl: 2048,
  endpointEventTypes: 50,
  endpointHeaders: 20,
} as const;

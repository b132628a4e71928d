/** What Kafka says of a record itself; anything else concerns the whole topic, the cluster or the way to it. */
const ofRecord = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);
const forbidden = new Set(['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED']);

/** Whether Kafka refuses what was sent, rather than being away. */
export const isOfRecord = (error: unknown): boolean => causesOf(error).some(({ type }) => ofRecord.has(type ?? ''));

/** What went wrong, in a line for an operator. */
export function reasonOf(error: unknown): string {
  const causes = causesOf(error);
  if (causes.some(({ type }) => forbidden.has(type ?? ''))) {
    return 'the user may not write to the topic or, if it is missing, not create it (docs/kafka.md lists the permissions)';
  }
  return causes.at(-1)?.message ?? String(error);
}

/** The error and what it stems from, the root last: kafkajs wraps what a broker says, sometimes in a list. */
function causesOf(error: unknown): { type?: string; message: string }[] {
  const found: (Error & { type?: string })[] = [];
  for (let next = error; next instanceof Error && found.length < 10;) {
    found.push(next);
    const { cause, errors } = next as { cause?: unknown; errors?: unknown[] };
    next = cause ?? errors?.[0];
  }
  return found;
}

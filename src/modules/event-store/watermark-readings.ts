/** The last position taken at some moment, and who was appending then: final once all of them have ended. */
export type Reading = { position: number; readAt: Date; holders: string[] };

/** Enough to find one near the end whenever a slow append ends. */
const most = 64;

/**
 * The readings that can still move the watermark past where it is, oldest first. Of many every other one is forgotten:
 * that delays, and harms nothing, since each of them proves its position by itself.
 */
export function remember(pending: readonly Reading[], reading: Reading, position: number): Reading[] {
  const useful = pending.filter((one) => one.position > position);
  // Whoever appends only since an earlier reading of the same position cannot fill it.
  const adds = reading.position > (useful.at(-1)?.position ?? position);
  const all = adds ? [...useful, reading] : useful;
  return all.length > most ? all.filter((_, at) => at % 2 === 0) : all;
}

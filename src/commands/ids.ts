import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const pool = new Uint8Array(16 * 256);
let used = pool.length;

/** A new UUIDv7 (RFC 9562). Randomness is drawn for 256 ids at once: a draw costs far more than an id. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += 16));
  return uuidv7({ random });
}

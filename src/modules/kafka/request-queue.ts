import { createRequire } from 'node:module';

type RequestQueue = {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
};

/**
 * kafkajs 2.2.4 sets a timer for "minus now" milliseconds after every answer when nothing is throttled: Node 22 and later
 * warn of it (TimeoutNegativeWarning), and it wakes up for nothing. The timer is set only when something waits.
 */
export function setNoNeedlessTimers(): void {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
    prototype: RequestQueue;
  };
  if (Object.hasOwn(prototype, patched)) return;
  const { scheduleCheckPendingRequests: schedule } = prototype;
  Object.defineProperty(prototype, patched, { value: true });
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}

const patched = Symbol('specline.noNeedlessTimers');

/** How far work is, for whoever waits for it. */
export type Progress = {
  phase: string;
  /** Events that are done in this phase, and how many there are to do. */
  events: number;
  totalEvents: number;
  /** 0 to 100. */
  percent: number;
  /** Over the last seconds. */
  eventsPerSecond: number;
  /** Until the phase ends, if it goes on like that; null while nothing is known. */
  secondsLeft: number | null;
};

/** How far back the rate looks, in milliseconds. */
const memory = 10_000;

/** Counts what is done and tells the rate. */
export class ProgressMeter {
  private phase = 'waiting';
  private events = 0;
  private total = 0;
  private samples: { at: number; events: number }[] = [];

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @param done what an earlier run has done already */
  begin(phase: string, total = 0, done = 0): void {
    Object.assign(this, { phase, total, events: done, samples: [{ at: this.now(), events: done }] });
  }

  add(events: number): void {
    this.events += events;
    const at = this.now();
    const last = this.samples.at(-1);
    if (last && at - last.at < 200) return;
    this.samples.push({ at, events: this.events });
    while (this.samples.length > 2 && at - (this.samples[0]?.at ?? at) > memory) this.samples.shift();
  }

  read(): Progress {
    const { phase, events, total } = this;
    const [first] = this.samples;
    const seconds = first ? (this.now() - first.at) / 1000 : 0;
    const rate = first && seconds > 0 ? (events - first.events) / seconds : 0;
    // Streams may have grown since they were counted.
    const percent = total > 0 ? Math.min(100, Math.round((1000 * events) / total) / 10) : 0;
    const secondsLeft = rate > 0 ? Math.max(0, Math.round((total - events) / rate)) : null;
    return {
      phase,
      events,
      totalEvents: Math.max(total, events),
      percent,
      eventsPerSecond: Math.round(rate),
      secondsLeft,
    };
  }
}

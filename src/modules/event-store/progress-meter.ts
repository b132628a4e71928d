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

/** A phase that is over: what this process did in it. */
export type PhaseReport = { phase: string; events: number; seconds: number };

type Moment = { at: number; events: number };

/** How far back the rate looks, and how often it is noted, in milliseconds. */
const memory = { span: 10_000, step: 200 };

/** Counts what is done and tells the rate. */
export class ProgressMeter {
  private phase = 'waiting';
  private events = 0;
  private total = 0;
  private start: Moment | undefined;
  private moments: Moment[] = [];
  private readonly past: PhaseReport[] = [];

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @param done what an earlier run has done already */
  begin(phase: string, total = 0, done = 0): void {
    this.end();
    this.start = { at: this.now(), events: done };
    Object.assign(this, { phase, total, events: done, moments: [this.start] });
  }

  add(events: number): void {
    this.events += events;
    const at = this.now();
    if (at - (this.moments.at(-1)?.at ?? 0) < memory.step) return;
    this.moments.push({ at, events: this.events });
    while (this.moments.length > 2 && at - (this.moments[0]?.at ?? at) > memory.span) this.moments.shift();
  }

  read(): Progress {
    const { phase, events, total } = this;
    const [first] = this.moments;
    const seconds = first ? (this.now() - first.at) / 1000 : 0;
    const rate = first && seconds > 0 ? (events - first.events) / seconds : 0;
    return {
      phase,
      events,
      // Streams may have grown since they were counted.
      totalEvents: Math.max(total, events),
      percent: total > 0 ? Math.min(100, Math.round((1000 * events) / total) / 10) : 0,
      eventsPerSecond: Math.round(rate),
      secondsLeft: rate > 0 ? Math.max(0, Math.round((total - events) / rate)) : null,
    };
  }

  /** The phases so far; the one under way ends. */
  report(): PhaseReport[] {
    this.end();
    return this.past;
  }

  private end(): void {
    if (!this.start) return;
    const { at, events } = this.start;
    this.past.push({
      phase: this.phase,
      events: this.events - events,
      seconds: Math.round(this.now() - at) / 1000,
    });
    this.start = undefined;
  }
}

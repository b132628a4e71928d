import type { Progress } from '../modules/event-store/progress-meter.js';

/** Says things to whoever called: JSON lines on stdout for a program, or text for a person, progress on stderr. */
export class Terminal {
  private isLineOpen = false;
  private lastSaid = 0;

  constructor(private readonly json: boolean) {}

  /** The outcome of a command. @param text the same for a person */
  result(outcome: object, text: string): void {
    this.closeLine();
    process.stdout.write(`${this.json ? JSON.stringify(outcome) : text}\n`);
  }

  /** Why a command failed, in one line. */
  problem(message: string): void {
    this.closeLine();
    const line = message.replaceAll(/\s*\n\s*/g, '; ');
    if (this.json) process.stdout.write(`${JSON.stringify({ problem: line })}\n`);
    process.stderr.write(`${line}\n`);
  }

  /** How far work is: on a terminal one line that is written over, elsewhere a line every few seconds. */
  progress(progress: Progress): void {
    if (this.json) return void process.stdout.write(`${JSON.stringify({ progress })}\n`);
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[K${inWords(progress)}`);
      this.isLineOpen = true;
    } else if (Date.now() - this.lastSaid > 5_000) {
      process.stderr.write(`${inWords(progress)}\n`);
      this.lastSaid = Date.now();
    }
  }

  private closeLine(): void {
    if (this.isLineOpen) process.stderr.write('\n');
    this.isLineOpen = false;
  }
}

const number = new Intl.NumberFormat('en');

function inWords({ phase, events, totalEvents, percent, eventsPerSecond, secondsLeft }: Progress): string {
  if (totalEvents === 0) return phase;
  const left = secondsLeft === null ? '' : `, ${secondsLeft} s left`;
  const done = `${number.format(events)} of ${number.format(totalEvents)} events`;
  return `${phase} ${percent} %: ${done}, ${number.format(eventsPerSecond)} a second${left}`;
}

/** Rows as columns of text, under their names. */
export function table(rows: readonly Record<string, string | number | null>[]): string {
  const [first] = rows;
  if (!first) return 'none';
  const names = Object.keys(first);
  const texts = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))];
  const widths = names.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  return texts
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, inject } from 'vitest';

/** Lines of server.properties; a later line of a name counts. */
export type MoreProperties = (at: {
  folder: string;
  port: number;
  controller: number;
}) => readonly string[] | Promise<readonly string[]>;

const script = 'test/support/kafka/run-broker.sh';

/** A real Apache Kafka, one node (KRaft), on free ports of 127.0.0.1, in a temporary folder that goes with it. */
export class Broker {
  private running: ChildProcess | undefined;

  private constructor(
    private readonly classpath: string,
    readonly folder: string,
    private readonly port: number,
  ) {}

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** @param more further lines of server.properties; the folder is there already */
  static async create(classpath: string, more: MoreProperties = () => []): Promise<Broker> {
    const folder = await mkdtemp(join(tmpdir(), 'specline-kafka-'));
    const [port, controller] = await freePorts();
    const lines = [
      'process.roles=broker,controller',
      'node.id=1',
      `controller.quorum.voters=1@127.0.0.1:${controller}`,
      'controller.listener.names=CONTROLLER',
      `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
      `log.dirs=${folder}/data`,
      'auto.create.topics.enable=false',
      'offsets.topic.replication.factor=1',
      'num.partitions=3',
      // A broker that was killed is taken back as soon as it is there again.
      'broker.session.timeout.ms=2000',
      'broker.heartbeat.interval.ms=300',
      ...(await more({ folder, port, controller })),
    ];
    await writeFile(join(folder, 'server.properties'), `${lines.join('\n')}\n`);
    return new Broker(classpath, folder, port);
  }

  /** Starts the broker, again on the same data if it ran before; done when it accepts connections. */
  async start(): Promise<void> {
    const child = spawn('bash', [script, this.classpath, this.folder], { stdio: ['pipe', 'ignore', 'inherit'] });
    this.running = child;
    const deadline = Date.now() + 60_000;
    while (!(await answers(this.port))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        const log = await readFile(join(this.folder, 'broker.log'), 'utf8');
        throw new Error(`Kafka did not start:\n${log.slice(-4000)}`);
      }
      await setTimeout(100);
    }
  }

  /** Ends the broker and keeps its data; `kill` without letting it finish anything. */
  async end(how: 'stop' | 'kill'): Promise<void> {
    await this.finish(`${how}\n`);
  }

  /** Ends the broker, if it runs, and removes all of it. */
  async remove(): Promise<void> {
    await this.finish('');
    await rm(this.folder, { recursive: true, force: true });
  }

  private async finish(word: string): Promise<void> {
    const child = this.running;
    if (!child) return;
    const ended = once(child, 'exit');
    child.stdin?.end(word);
    await ended;
    this.running = undefined;
  }
}

/** A broker for the tests of a file: started before them, removed behind them. */
export function startBroker(more?: MoreProperties): { broker: Broker } {
  const holder = {} as { broker: Broker };
  beforeAll(async () => {
    holder.broker = await Broker.create(inject('kafkaClasspath'), more);
    await holder.broker.start();
  }, 120_000);
  afterAll(() => holder.broker.remove(), 60_000);
  return holder;
}

/** Two free ports below those that the system hands out for connections, so that they stay free while Kafka is down. */
async function freePorts(): Promise<[number, number]> {
  const found: number[] = [];
  for (let tries = 0; found.length < 2 && tries < 100; tries++) {
    const port = randomInt(20_000, 30_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (isFree && !found.includes(port)) found.push(port);
  }
  return found as [number, number];
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

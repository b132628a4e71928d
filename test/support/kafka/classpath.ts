import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The jars of Apache Kafka, as java takes them. */
    kafkaClasspath: string;
  }
}

const run = promisify(execFile);

/** Fetches Apache Kafka once (it stays in ~/.m2) and says what cannot be found in one line. */
export default async function setup(project: TestProject): Promise<void> {
  for (const [program, purpose] of Object.entries({
    java: 'runs the broker (17 or later)',
    mvn: 'fetches the broker',
    kcat: 'reads the topic',
  })) {
    await run('which', [program]).catch(() => {
      throw new Error(
        `The tests against Kafka need ${program}, which ${purpose}; on Debian: apt-get install ${debian[program]}`,
      );
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'specline-kafka-'));
  try {
    const file = join(folder, 'classpath');
    const words = ['-q', '-B', '-f', 'test/support/kafka/pom.xml', 'dependency:build-classpath'];
    await run('mvn', [...words, `-Dmdep.outputFile=${file}`]);
    project.provide('kafkaClasspath', (await readFile(file, 'utf8')).trim());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const debian: Record<string, string> = { java: 'default-jre-headless', mvn: 'maven', kcat: 'kcat' };

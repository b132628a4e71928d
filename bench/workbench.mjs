import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { Child } from './child.mjs';

/** The built product; BENCH_DIST measures another build of it. */
export const dist = resolve(process.env.BENCH_DIST ?? join(import.meta.dirname, '../dist'));

/** How many connections to PostgreSQL each contender may open: what the service takes by default. */
export const poolSize = 10;

/**
 * One PostgreSQL server of our own with its defaults (fsync and synchronous_commit on), databases in it, and child
 * processes; `close` ends and removes all of it.
 */
export class Workbench {
  /** @type {import('../src/local-postgres.js').LocalPostgres | undefined} */
  #server;
  #folder = '';
  /** @type {Set<Child>} */
  #children = new Set();
  #databases = 0;
  /** @type {Promise<void> | undefined} */
  #closing;

  async open() {
    this.#folder = await mkdtemp(join(tmpdir(), 'specline-bench-'));
    // PostgreSQL never runs as root; started by root, it runs as an account that must be able to enter.
    await chmod(this.#folder, 0o711);
    const { startLocalPostgres } = await built('local-postgres');
    this.#server = await startLocalPostgres(this.#folder, []);
  }

  /**
   * An empty database.
   *
   * @returns {Promise<string>} its URL
   */
  async createDatabase() {
    const name = `bench_${++this.#databases}`;
    await runOn(this.#url(), `create database ${name}`);
    return this.#url(name);
  }

  /**
   * @param {string} name for messages
   * @param {string} file
   * @param {NodeJS.ProcessEnv} [environment]
   */
  start(name, file, environment) {
    if (this.#closing) throw new Error('the bench is ending');
    const child = new Child(name, file, environment);
    this.#children.add(child);
    return child;
  }

  /** Ends the children and drops the databases of one measure, so that the next finds an idle server. */
  async clear() {
    await this.#stopChildren();
    for (; this.#databases > 0; this.#databases--) {
      await runOn(this.#url(), `drop database bench_${this.#databases} with (force)`);
    }
  }

  close() {
    return (this.#closing ??= this.#end());
  }

  async #end() {
    await this.#stopChildren();
    await this.#server?.stop();
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  async #stopChildren() {
    await Promise.all([...this.#children].map((child) => child.stop()));
    this.#children.clear();
  }

  #url(database = 'postgres') {
    const url = new URL(this.#server?.url ?? '');
    url.pathname = `/${database}`;
    return url.href;
  }
}

/**
 * A module of the built product.
 *
 * @param {string} name
 */
export const built = (name) => import(pathToFileURL(join(dist, 'src', `${name}.js`)).href);

/**
 * @param {string} url
 * @param {string} statement
 * @param {unknown[]} [values]
 */
export async function runOn(url, statement, values) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(statement, values);
  } finally {
    await client.end();
  }
}

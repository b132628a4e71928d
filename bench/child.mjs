import { fork } from 'node:child_process';

/**
 * A child process of the bench: a server under load, the load itself, or a loop on the database.
 */
export class Child {
  #process;
  #name;
  #complaints = '';
  /** @type {Promise<never>} */
  #ended;
  #stopping = false;

  /**
   * @param {string} name for messages
   * @param {string} file
   * @param {NodeJS.ProcessEnv} [environment] added to our own
   */
  constructor(name, file, environment = {}) {
    this.#name = name;
    this.#process = fork(file, [], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr?.on('data', (chunk) => (this.#complaints = (this.#complaints + chunk).slice(-4000)));
    this.#ended = new Promise((_, reject) => {
      this.#process.once('exit', (code, signal) => {
        if (!this.#stopping) reject(new Error(`${name} ended (${signal ?? code}):\n${this.#complaints}`));
      });
    });
    this.#ended.catch(() => undefined);
  }

  /**
   * What the child says when it is ready (run-protocol.mjs): one that listens, its port.
   *
   * @returns {Promise<{ port: number }>}
   */
  async ready() {
    const { ready } = await this.#answer(60);
    return ready;
  }

  /**
   * @param {{ seconds: number, [detail: string]: unknown }} order
   * @returns {Promise<import('./run-protocol.mjs').RunSummary>}
   */
  async run(order) {
    this.#process.send({ run: order });
    // Work under way when the time is up is still finished, and an import always goes through all files once.
    const { done, failed } = await this.#answer(order.seconds + 60);
    if (failed) throw new Error(`${this.#name}: ${failed}`);
    return done;
  }

  /**
   * Passes on what `work` gives, unless the child ends before.
   *
   * @template T
   * @param {Promise<T>} work
   * @returns {Promise<T>}
   */
  whileRunning(work) {
    return Promise.race([work, this.#ended]);
  }

  get pid() {
    return this.#process.pid;
  }

  async stop() {
    this.#stopping = true;
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    const late = setTimeout(() => this.#process.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(late);
  }

  /** @param {number} seconds */
  #answer(seconds) {
    const answered = new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${this.#name} gave no answer in ${seconds} s`)), seconds * 1000);
      this.#process.once('message', (message) => {
        clearTimeout(late);
        resolve(message);
      });
    });
    return this.whileRunning(answered);
  }
}

import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A line to a database that can be cut: after a statement has reached it, and before its answer is back. */
export type Cable = {
  /** The database's URL, by way of the cable. */
  url: string;
  /**
   * From the next request whose bytes hold the word, the server's answer is let in as far as it comes, and thrown away
   * with the connection: whoever asked never learns what became of it.
   */
  cutAnswerTo(word: string): void;
  /** How many answers were cut off so far. */
  cuts(): number;
  close(): void;
};

/** Lays a cable to a PostgreSQL server on the loopback address. */
export async function layCable(databaseUrl: string): Promise<Cable> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let armed: string | undefined;
  let cuts = 0;
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    let isCut = false;
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => (client.destroy(), database.destroy()));
    }
    client.on('data', (bytes) => {
      if (armed !== undefined && bytes.includes(armed)) {
        armed = undefined;
        isCut = true;
      }
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      if (!isCut) client.write(bytes);
      // ReadyForQuery ends an answer: by then the statement has committed.
      else if (bytes.includes(Buffer.from([0x5a, 0, 0, 0, 5]))) {
        cuts++;
        client.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cutAnswerTo: (word) => (armed = word),
    cuts: () => cuts,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

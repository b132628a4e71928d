import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** The network between the relay and a broker: requests arrive, and answers can get lost. */
export class LossyProxy {
  /** While it is true, an answer ends its connection instead of arriving. */
  losing = false;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.join(client));
  private target = 0;

  /** Starts it in front of a port of this machine. @returns its own port */
  async start(target: number): Promise<number> {
    this.target = target;
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.cut();
    this.server.close();
  }

  /** Ends all connections, whatever is under way on them. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private join(client: Socket): void {
    const broker = connect({ host: '127.0.0.1', port: this.target });
    const end = () => [client, broker].forEach((socket) => socket.destroy());
    for (const socket of [client, broker]) {
      this.sockets.add(socket);
      socket.on('error', end).on('close', () => {
        this.sockets.delete(socket);
        end();
      });
    }
    client.pipe(broker);
    broker.on('data', (answer) => {
      if (this.losing) end();
      else client.write(answer);
    });
  }
}

import type { Socket } from 'node:net';
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Logger } from '@nestjs/common';
import type { Admin, ISocketFactory, logCreator as LogCreator, Producer } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { KafkaSettings } from './kafka-settings.js';
import type { RecordBatch } from './record-batches.js';
import { setNoNeedlessTimers } from './request-queue.js';

/** What a topic takes at most where it may not be asked: Kafka's own default, in bytes. */
const usualLimit = 1_048_588;
/** What a topic takes that is made here: the largest document, with room for how JSON writes it. */
const ownLimit = 4 * 1024 * 1024;
/** Milliseconds. kafkajs tries once more by itself; beyond that the relay starts over from its checkpoint. */
const patience = { connect: 10_000, request: 30_000 };
const retry = { retries: 1, initialRetryTime: 100, maxRetryTime: 1_000 };

/**
 * One producer and its sockets. Used until its first failure: kafkajs numbers a producer's records, and after a failed
 * send a broker can take other records for those it has, and drop them (kafkajs 2.2.4).
 */
export class KafkaConnection {
  private readonly sockets = new Set<Socket>();
  private readonly kafka: kafkajs.Kafka;
  private readonly producer: Producer;
  private ended = false;

  constructor(private readonly settings: KafkaSettings) {
    setNoNeedlessTimers();
    const { brokers, clientId, ssl, sasl } = settings;
    this.kafka = new kafkajs.Kafka({
      brokers,
      clientId,
      ssl: ssl && (ssl.ca ? { ca: [ssl.ca] } : true),
      sasl: sasl as kafkajs.SASLOptions | undefined,
      connectionTimeout: patience.connect,
      requestTimeout: patience.request,
      retry,
      socketFactory: this.openSocket,
      logCreator,
    });
    this.producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry,
    });
  }

  /**
   * Connects, and makes the topic if it is missing.
   * @returns the bytes that the topic takes in one batch
   */
  async open(): Promise<number> {
    const admin = this.kafka.admin({ retry });
    try {
      await admin.connect();
      await this.ensureTopic(admin);
      const limit = await this.readLimit(admin);
      await this.producer.connect();
      return limit;
    } finally {
      await admin.disconnect();
    }
  }

  /** Done when every replica in sync has the batch. */
  async send({ records, isLarge }: RecordBatch): Promise<void> {
    const compression = isLarge ? kafkajs.CompressionTypes.GZIP : kafkajs.CompressionTypes.None;
    await this.producer.send({ topic: this.settings.topic, acks: -1, compression, messages: records });
  }

  /** Ends it in order, when nothing is under way. */
  async close(): Promise<void> {
    await this.producer.disconnect().catch(() => undefined);
    this.end();
  }

  /** Ends it at once. kafkajs would go on with what it has under way: it can open no socket any more. */
  end(): void {
    this.ended = true;
    for (const socket of this.sockets) socket.destroy(new Error('the connection was given up'));
  }

  private async ensureTopic(admin: Admin): Promise<void> {
    const { topic, partitions: numPartitions } = this.settings;
    if ((await admin.listTopics()).includes(topic)) return;
    const configEntries = [{ name: 'max.message.bytes', value: String(ownLimit) }];
    await admin.createTopics({ topics: [{ topic, numPartitions, configEntries }] });
  }

  /** Who may not read a topic's settings may still write to it. */
  private async readLimit(admin: Admin): Promise<number> {
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: this.settings.topic };
    const answer = await admin
      .describeConfigs({ resources: [{ ...resource, configNames: ['max.message.bytes'] }], includeSynonyms: false })
      .catch(() => undefined);
    return Number(answer?.resources[0]?.configEntries[0]?.configValue) || usualLimit;
  }

  private readonly openSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    if (this.ended) throw new Error('the connection was given up');
    const name = isIP(host) ? {} : { servername: host };
    const socket = ssl ? connectTls({ host, port, ...name, ...ssl }, onConnect) : connect({ host, port }, onConnect);
    socket.setKeepAlive(true, 60_000);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    return socket;
  };
}

/** What kafkajs calls an error is an attempt that is repeated; what comes of it, the relay tells once. */
const logger = new Logger('Kafka');
const logCreator: LogCreator =
  () =>
  ({ namespace, label, log }) =>
    logger.debug(`${label} ${namespace} ${log.message}`);

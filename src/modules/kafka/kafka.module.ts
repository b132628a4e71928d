import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { Subscriptions } from '../event-store/subscriptions.js';
import type { KafkaSettings } from './kafka-settings.js';
import { KafkaSubscription } from './kafka.subscription.js';

/** Publishes history to Kafka. Imported only where that is set up: without it nothing here is even loaded by Nest. */
@Module({})
export class KafkaModule {
  static with(settings: KafkaSettings): DynamicModule {
    const useFactory = (subscriptions: Subscriptions) => new KafkaSubscription(settings, subscriptions);
    return {
      module: KafkaModule,
      imports: [EventStoreModule],
      providers: [{ provide: KafkaSubscription, useFactory, inject: [Subscriptions] }],
    };
  }
}

import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { AccessGuard, OPERATOR_KEY } from './access.js';
import { ApiKeys } from './api-keys.js';

@Module({})
export class AuthModule {
  static with(operatorKey: string | undefined): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      imports: [EventStoreModule],
      providers: [
        ApiKeys,
        { provide: OPERATOR_KEY, useValue: operatorKey },
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
      exports: [ApiKeys],
    };
  }
}

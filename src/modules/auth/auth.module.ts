import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { EventStoreModule } from '../event-store/event-store.module.js';
import { AccessGuard, OPERATOR_KEY } from './access.js';
import { ApiKeys } from './api-keys.js';
import { ShareTokens } from './share-tokens.js';
import { RateLimit, REQUESTS_PER_MINUTE } from './rate-limit.js';

type AuthOptions = { operatorKey: string | undefined; requestsPerMinute?: number };

@Module({})
export class AuthModule {
  static with({ operatorKey, requestsPerMinute }: AuthOptions): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      imports: [EventStoreModule],
      providers: [
        ApiKeys,
        RateLimit,
        ShareTokens,
        { provide: OPERATOR_KEY, useValue: operatorKey },
        { provide: REQUESTS_PER_MINUTE, useValue: requestsPerMinute },
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
      exports: [ApiKeys],
    };
  }
}

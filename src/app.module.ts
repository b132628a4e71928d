import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { TypeOrmModule } from '@nestjs/typeorm';
import pg from 'pg';
import type { Config } from './config.js';
import { AuditModule } from './modules/audit/audit.module.js';
import { ExportsModule } from './modules/audit/exports.module.js';
import { AuthModule } from './modules/auth/auth.module.js';
import { RulesModule } from './modules/compliance/rules.module.js';
import { CommentsModule } from './modules/comments/comments.module.js';
import { SpecComplianceModule } from './modules/compliance/spec-compliance.module.js';
import { hearErrors, uncompiled } from './modules/event-store/database.js';
import { SecretsModule } from './modules/event-store/secrets.module.js';
import type { Foreground } from './modules/event-store/foreground.js';
import { OwnForeground } from './modules/event-store/foreground.js';
import { ColdHistoryModule } from './modules/event-store/cold-history.module.js';
import { WorkersModule } from './modules/event-store/workers.module.js';
import { FeedModule } from './modules/feed/feed.module.js';
import { HttpModule } from './modules/http/http.module.js';
import { ServerSecret } from './modules/http/server-secret.entity.js';
import { OperationsModule } from './modules/operations/operations.module.js';
import { KafkaModule } from './modules/kafka/kafka.module.js';
import type { KafkaSettings } from './modules/kafka/kafka-settings.js';
import { OrganizationsModule } from './modules/organizations/organizations.module.js';
import { SpecsModule } from './modules/specs/specs.module.js';
import { TemplatesModule } from './modules/templates/templates.module.js';
import type { WebhookSettings } from './modules/webhooks/webhook-settings.js';
import { webhookDefaults } from './modules/webhooks/webhook-settings.js';
import { WebhooksModule } from './modules/webhooks/webhooks.module.js';
import { readModels } from './read-models.js';

// Positions and versions stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type AppOptions = Pick<Config, 'operatorKey' | 'databaseConnections'> & {
  databaseUrl: string;
  /** 32 bytes. */
  masterKey: Buffer;
  /** How many requests a key may send a minute; without it nobody counts. */
  requestsPerMinute?: number;
  /** Whether background work is done here, and not elsewhere; true by default. */
  workers?: boolean;
  /** What background work gives way to; by default what is done on this thread. */
  foreground?: Foreground;
  /** Where to publish history; nowhere by default. */
  kafka?: KafkaSettings;
  /** Where webhooks may be sent; to public addresses by https by default. */
  webhooks?: WebhookSettings;
  /** After how many days the history of archived specs is moved apart; never by default. */
  coldAfterDays?: number;
};

@Module({})
export class AppModule {
  /** @param connect false for a document only: nothing is asked of a database */
  static with(options: AppOptions, connect = true): DynamicModule {
    const works = connect && options.workers !== false;
    return {
      module: AppModule,
      imports: [
        CqrsModule.forRoot(),
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: options.databaseUrl,
          schema: 'specline',
          entities: [ServerSecret],
          retryAttempts: 0,
          manualInitialization: !connect,
          applicationName: 'specline',
          poolSize: options.databaseConnections,
          extra: {
            // Row-level security binds the role that cannot bypass it, whoever the login is.
            options: `-c role=specline_app ${uncompiled} -c statement_timeout=30s -c idle_in_transaction_session_timeout=30s -c plan_cache_mode=force_generic_plan`,
            pipeline: true,
            connectionTimeoutMillis: 10_000,
            onConnect: hearErrors,
          },
        }),
        SecretsModule.with(options.masterKey),
        AuthModule.with(options),
        HttpModule,
        OrganizationsModule,
        TemplatesModule,
        SpecsModule,
        CommentsModule,
        RulesModule,
        SpecComplianceModule,
        AuditModule,
        ExportsModule.with(works),
        FeedModule,
        OperationsModule.with(options.databaseUrl, readModels, works),
        WebhooksModule.with(options.webhooks ?? webhookDefaults, works),
        ColdHistoryModule.with(works ? options.coldAfterDays : undefined),
        ...(options.kafka ? [KafkaModule.with(options.kafka)] : []),
        ...(connect ? [WorkersModule.with(works ? (options.foreground ?? new OwnForeground()) : undefined)] : []),
      ],
    };
  }
}

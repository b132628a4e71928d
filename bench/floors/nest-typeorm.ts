import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Body, Controller, Module, Param, Patch, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { IsString, MaxLength } from 'class-validator';
import { Column, DataSource, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** The same row that bare-fastify.mjs inserts. */
@Entity('log')
class LogEntry {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column('uuid', { name: 'event_id' }) eventId: string;
  @Column('uuid', { name: 'stream_id' }) streamId: string;
  @Column('bigint') version: number;
  @Column('text') type: string;
  @Column('jsonb') payload: object;
  @Column('jsonb') metadata: object;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt: Date;
}

class SectionBody {
  @IsString() @MaxLength(2_000_000) body: string;
}

let version = 0;

/**
 * The floor that a NestJS developer writes first: a controller, a body checked by class-validator, and `save` of one
 * entity in a transaction (BEGIN, INSERT, COMMIT). It reads nothing before, checks no key, decides nothing and keeps
 * no idempotency record.
 */
@Controller('v1/organizations/:organizationId/specs/:specId/sections')
class SectionController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Patch(':sectionKey')
  async update(@Param('specId') specId: string, @Param('sectionKey') key: string, @Body() { body }: SectionBody) {
    const entry = Object.assign(new LogEntry(), {
      eventId: randomUUID(),
      streamId: specId,
      version: ++version,
      type: 'spec.section.updated',
      payload: { key, body },
      metadata: { actor: { id: specId, kind: 'human' }, requestId: randomUUID() },
      recordedAt: new Date(),
    });
    const saved = await this.dataSource.transaction((manager) => manager.getRepository(LogEntry).save(entry));
    return { specId, version: saved.version, seq: Number(saved.id) };
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env.DATABASE_URL,
      entities: [LogEntry],
      poolSize: Number(process.env.POOL_SIZE),
      retryAttempts: 0,
    }),
  ],
  controllers: [SectionController],
})
class AppModule {}

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: ['error'] });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
await app.listen(0, '127.0.0.1');
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
process.send?.({ ready: { port: Number(new URL(await app.getUrl()).port) } });

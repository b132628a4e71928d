import type { DynamicModule, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Injectable, Module } from '@nestjs/common';
import { EventStoreModule } from './event-store.module.js';
import { Foreground } from './foreground.js';
import { Watermark } from './watermark.js';
import { Workers } from './workers.js';

/** Where others do the background work: appends are made known to whoever moves the watermark. */
@Injectable()
class Follower implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly watermark: Watermark) {}

  onApplicationBootstrap(): void {
    this.watermark.start(false);
  }

  async onModuleDestroy(): Promise<void> {
    await this.watermark.stop();
  }
}

@Module({})
export class WorkersModule {
  /** @param foreground what work that gives way gives way to; undefined where no background work is done */
  static with(foreground: Foreground | undefined): DynamicModule {
    const working = foreground && [Workers, { provide: Foreground, useValue: foreground }];
    return { module: WorkersModule, imports: [EventStoreModule], providers: working ?? [Follower] };
  }
}

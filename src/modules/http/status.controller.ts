import { Controller } from '@nestjs/common';
import { Subscriptions } from '../event-store/subscriptions.js';
import { Watermark } from '../event-store/watermark.js';
import { WorkerStatus } from '../event-store/worker-status.view.js';
import { QueryRoute } from './query-route.js';

@Controller('v1/status')
export class StatusController {
  constructor(
    private readonly watermark: Watermark,
    private readonly subscriptions: Subscriptions,
  ) {}

  @QueryRoute('', {
    summary: 'See how far background work has come (operator key)',
    operationId: 'getStatus',
    tag: 'Operation',
    view: WorkerStatus,
    access: 'operator',
  })
  async status(): Promise<WorkerStatus> {
    const [watermark, subscriptions] = await Promise.all([this.watermark.status(), this.subscriptions.status()]);
    return { watermark, subscriptions };
  }
}

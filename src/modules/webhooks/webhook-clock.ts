import { Injectable } from '@nestjs/common';

/** What deliveries tell the time by: whether something is due, and when it is next. */
@Injectable()
export class WebhookClock {
  now(): Date {
    return new Date();
  }
}

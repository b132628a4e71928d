import { Injectable } from '@nestjs/common';

/** What exports and share links tell the time by: whether they have expired. */
@Injectable()
export class AuditClock {
  now(): Date {
    return new Date();
  }
}

import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Refusal } from '../../commands/refusals.js';
import { Requires } from '../auth/access.js';
import { Database } from '../event-store/database.js';
import { operationNotes, problemsOfAll } from './operation-notes.js';
import { Health } from './problem.view.js';

for (const operationId of ['getLiveness', 'getReadiness']) {
  operationNotes.set(operationId, { headers: [], problems: problemsOfAll });
}

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(private readonly database: Database) {}

  /** The process runs. */
  @Get('live')
  @Requires('public')
  @ApiOperation({
    operationId: 'getLiveness',
    summary: 'Whether the process runs',
    description: 'For restarting it: it asks nothing of the database.',
    security: [],
  })
  @ApiResponse({ status: 200, description: 'It runs', type: Health })
  live(): Health {
    return { status: 'ok' };
  }

  /** The service may be used: its database answers. */
  @Get('ready')
  @Requires('public')
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'Whether the service may be used',
    description: 'For sending it requests: 503 while the database does not answer.',
    security: [],
  })
  @ApiResponse({ status: 200, description: 'It may be used', type: Health })
  async ready(): Promise<Health> {
    if (await this.database.ping()) return { status: 'ok' };
    throw new Refusal('unavailable', 'The database does not answer.', { retryAfter: 1 });
  }
}

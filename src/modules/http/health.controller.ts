import { Controller, Get } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Refusal } from '../../commands/refusals.js';
import { Requires } from '../auth/access.js';
import { Database } from '../event-store/database.js';
import { DescribeProblems } from './command-document.js';
import { Health, Problem } from './problem.view.js';

@ApiTags('Health')
@ApiExtraModels(Problem)
@Controller('health')
export class HealthController {
  constructor(private readonly database: Database) {}

  /** The process runs. */
  @Get('live')
  @Requires('public')
  @ApiOperation({ operationId: 'getLiveness', summary: 'Whether the process runs', security: [] })
  @ApiResponse({ status: 200, description: 'It runs', type: Health })
  live(): Health {
    return { status: 'ok' };
  }

  /** The service may be used: its database answers. */
  @Get('ready')
  @Requires('public')
  @ApiOperation({ operationId: 'getReadiness', summary: 'Whether the service may be used', security: [] })
  @ApiResponse({ status: 200, description: 'It may be used', type: Health })
  @(DescribeProblems(['unavailable'])[0] as MethodDecorator)
  async ready(): Promise<Health> {
    if (await this.database.ping()) return { status: 'ok' };
    throw new Refusal('unavailable', 'The database does not answer.', { retryAfter: 1 });
  }
}

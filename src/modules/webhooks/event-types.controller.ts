import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/access.js';
import { operationNotes, problemsOfAll } from '../http/operation-notes.js';
import { EventTypeList } from './event-type.view.js';
import { readEventTypes } from './event-types.js';

const operationId = 'listEventTypes';
operationNotes.set(operationId, { headers: [], problems: problemsOfAll });

@ApiTags('Webhooks')
@Controller('v1/event-types')
export class EventTypesController {
  private readonly types: EventTypeList = { items: readEventTypes() };

  @Get()
  @Requires('public')
  @Header('cache-control', 'public, max-age=60')
  @ApiOperation({
    operationId,
    summary: 'The types of events, each with its schema and an example',
    description: 'What endpoints can be told of.',
    security: [],
  })
  @ApiResponse({ status: 200, description: 'Every type, by name', type: EventTypeList })
  list(): EventTypeList {
    return this.types;
  }
}

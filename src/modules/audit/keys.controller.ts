import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/access.js';
import { operationNotes, problemsOfAll } from '../http/operation-notes.js';
import { KeyList } from './audit.view.js';
import { LedgerQueries } from './ledger.queries.js';

const operationId = 'listSigningKeys';
operationNotes.set(operationId, { headers: [], problems: problemsOfAll });

@ApiTags('Audit')
@Controller('.well-known')
export class KeysController {
  constructor(private readonly ledger: LedgerQueries) {}

  @Get('specline-keys.json')
  @Requires('public')
  @Header('cache-control', 'public, max-age=60')
  @ApiOperation({
    operationId,
    summary: 'The public keys that sign seals, with their history',
    description: 'For whoever verifies evidence. Keep what you were given: it is what later evidence is held against.',
    security: [],
  })
  @ApiResponse({ status: 200, description: 'Every key that ever signed, oldest first', type: KeyList })
  list(): Promise<KeyList> {
    return this.ledger.keys();
  }
}

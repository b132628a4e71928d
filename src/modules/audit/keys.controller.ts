import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/access.js';
import { operationNotes, problemsOfAll } from '../http/operation-notes.js';
import { KeyList } from './audit.view.js';
import { JsonWebKeySetView } from './permit.view.js';
import { LedgerQueries } from './ledger.queries.js';

const operationId = 'listSigningKeys';
const keySetId = 'getJsonWebKeySet';
for (const id of [operationId, keySetId]) operationNotes.set(id, { headers: [], problems: problemsOfAll });

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

  @Get('jwks.json')
  @Requires('public')
  @Header('cache-control', 'public, max-age=60')
  @ApiOperation({
    operationId: keySetId,
    summary: 'The same public keys as a JSON Web Key Set',
    description: 'For whoever verifies permits with a library for JSON Web Tokens (RFC 7517).',
    security: [],
  })
  @ApiResponse({ status: 200, description: 'Every key that ever signed, oldest first', type: JsonWebKeySetView })
  async keySet(): Promise<JsonWebKeySetView> {
    const { keys } = await this.ledger.keys();
    const fixed = { kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA' } as const;
    return { keys: keys.map(({ keyId: kid, publicKey: x }) => ({ ...fixed, kid, x })) };
  }
}

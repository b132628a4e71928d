import { Controller, Req } from '@nestjs/common';
import type { Caller } from '../../commands/command.js';
import { CreateShare, RevokeShare } from '../../commands/share.commands.js';
import type { AuthenticatedRequest } from '../auth/principal.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { PagedQuery } from '../http/page.view.js';
import { ShareDesk } from './share-desk.js';
import { ShareQueries } from './share.queries.js';
import { ShareList, ShareReceipt, ShareView } from './share.view.js';

const tag = 'Audit';
const access = 'auditor';

@Controller('v1/organizations/:organizationId/audit/shares')
export class SharesController {
  constructor(
    private readonly desk: ShareDesk,
    private readonly shares: ShareQueries,
  ) {}

  @CommandRoute('Post', '', {
    summary: "Let somebody without a key read one spec's evidence, or that of a stretch of time",
    operationId: 'createAuditShare',
    tag,
    access,
    json: CreateShare,
    inBody: ['specId'],
    creates: { id: 'shareId', location: ({ shareId }) => `/audit/shares/${String(shareId)}` },
    receipt: ShareReceipt,
  })
  async create(@FromRequest() command: CreateShare, @From() caller: Caller, @Req() request: AuthenticatedRequest) {
    const created = await this.desk.create(command, caller);
    const { shareId, specId, since, until, expiresAt } = created.receipt;
    request.audited = 'audit.share.created';
    request.auditedAbout = { shareId, specId, since, until, expiresAt };
    return created;
  }

  @QueryRoute('', {
    summary: 'List share links, the newest first: who made them, and how they were used',
    operationId: 'listAuditShares',
    tag,
    access,
    query: PagedQuery,
    view: ShareList,
  })
  list(@Asked() { organizationId, query }: Ask<PagedQuery>): Promise<ShareList> {
    return this.shares.list(organizationId, query);
  }

  @QueryRoute(':shareId', {
    summary: 'Read a share link, without its token',
    operationId: 'getAuditShare',
    tag,
    access,
    view: ShareView,
  })
  async one(@Asked() { organizationId, path }: Ask): Promise<ShareView> {
    return (await this.shares.one(organizationId, path.shareId ?? '')).view;
  }

  @CommandRoute('Delete', ':shareId', {
    summary: 'End a share link at once',
    operationId: 'revokeAuditShare',
    keepsNoAnswer: true,
    audited: 'audit.share.revoked',
    tag,
    access,
    bodiless: RevokeShare,
    receipt: ShareView,
  })
  revoke(@FromRequest() { shareId }: RevokeShare, @From() caller: Caller) {
    return this.desk.revoke(shareId, caller);
  }
}

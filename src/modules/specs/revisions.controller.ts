import { Controller } from '@nestjs/common';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { RevisionQueries } from './revision.queries.js';
import { RevisionChanges, RevisionChangesQuery, RevisionList, RevisionView } from './revision.view.js';

const tag = 'Reviews';

@Controller('v1/organizations/:organizationId/specs/:specId/revisions')
export class RevisionsController {
  constructor(private readonly revisions: RevisionQueries) {}

  @QueryRoute('', {
    summary: 'The numbered revisions of a spec',
    operationId: 'listRevisions',
    tag,
    view: RevisionList,
  })
  list(@Asked() { organizationId, path }: Ask): Promise<RevisionList> {
    return this.revisions.list(organizationId, path.specId ?? '');
  }

  @QueryRoute(':revision', {
    summary: 'One revision: where it stands, and what approved it',
    operationId: 'getRevision',
    tag,
    view: RevisionView,
  })
  get(@Asked() { organizationId, path }: Ask): Promise<RevisionView> {
    return this.revisions.one(organizationId, path.specId ?? '', path.revision ?? '');
  }

  @QueryRoute(':revision/changes', {
    summary: 'What a revision changed, section by section',
    operationId: 'getRevisionChanges',
    tag,
    query: RevisionChangesQuery,
    view: RevisionChanges,
  })
  changes(@Asked() { organizationId, path, query }: Ask<RevisionChangesQuery>): Promise<RevisionChanges> {
    return this.revisions.changes(organizationId, path.specId ?? '', path.revision ?? '', query.from);
  }
}

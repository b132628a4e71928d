import { Injectable } from '@nestjs/common';
import type { ReportIssued } from '../../events/spec-compliance.events.js';
import { OpenThreads } from '../comments/open-threads.queries.js';
import { Database } from '../event-store/database.js';
import type { RecordedEvent } from '../event-store/history.js';

const all = {
  name: 'affected-specs.all',
  text: `select spec_id as "specId" from specline.spec where organization_id = $1 and lifecycle = 'in_review' order by spec_id`,
};
const depending = {
  name: 'affected-specs.depending',
  text: `select spec_id as "specId" from specline.spec where organization_id = $1 and lifecycle = 'in_review'
      and relations @> jsonb_build_array(jsonb_build_object('type', 'depends_on', 'specId', $2::text)) order by spec_id`,
};
const dependents = {
  name: 'affected-specs.dependents',
  text: `select spec_id as "specId" from specline.spec where organization_id = $1
      and lifecycle <> all (array['archived', 'superseded', 'deprecated', 'rejected', 'withdrawn'])
      and relations @> jsonb_build_array(jsonb_build_object('type', 'depends_on', 'specId', $2::text)) order by spec_id`,
};

/** Which specs something that happened elsewhere concerns. */
@Injectable()
export class AffectedSpecs {
  /**
   * What can take away an obstacle, or make a vote count, that stands in no spec's own stream. Of edits of the spec none
   * is here: by those nobody is to reach an approval.
   */
  private readonly reach: Readonly<Record<string, (event: RecordedEvent) => Promise<string[]>>> = {
    'comment.thread.resolved': ({ organizationId, streamId }) => this.threads.about(organizationId, [streamId]),
    'spec.lifecycle.approved': (event) => this.find(event, depending, event.streamId),
    'compliance.report.issued': ({ payload }) => Promise.resolve([(payload as ReportIssued).specId]),
    'review.policy.published': (event) => this.find(event, all),
    'review.policy.retired': (event) => this.find(event, all),
    'organization.group.defined': (event) => this.find(event, all),
  };

  constructor(
    private readonly database: Database,
    private readonly threads: OpenThreads,
  ) {}

  /** The types of such events. */
  get types(): ReadonlySet<string> {
    return new Set(Object.keys(this.reach));
  }

  /** The ids of the specs in review whose policy may be met since the event. */
  async reviews(event: RecordedEvent): Promise<string[]> {
    return (await this.reach[event.type]?.(event)) ?? [];
  }

  /** The ids of the specs that rely on another one and are not over. */
  dependents(event: RecordedEvent): Promise<string[]> {
    return this.find(event, dependents, event.streamId);
  }

  private async find(
    { organizationId }: RecordedEvent,
    statement: { name: string; text: string },
    ...values: string[]
  ): Promise<string[]> {
    const rows = await this.database.query<{ specId: string }>(organizationId, statement, [organizationId, ...values]);
    return rows.map(({ specId }) => specId);
  }
}

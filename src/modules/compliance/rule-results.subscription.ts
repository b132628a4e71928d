import type { OnModuleInit } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { ReportedRow, ReportIssued } from '../../events/spec-compliance.events.js';
import type { RecordedEvent } from '../event-store/history.js';
import { Subscription } from '../event-store/subscription.js';
import { Subscriptions } from '../event-store/subscriptions.js';
import { isGap } from './rule-quality.js';

const forget = {
  name: 'rule-results.forget',
  text: `delete from specline.rule_result where organization_id = $1 and spec_id = $2`,
};
const keep = {
  name: 'rule-results.keep',
  text: `insert into specline.rule_result (organization_id, spec_id, rule_id, outcome, blocks, contradicted, mode, findings,
      statement, source_path, blob_hash, report_id, issued_at)
    select $1, $2, r.* , $3, $4
    from jsonb_to_recordset($5) as r ("ruleId" text, outcome text, blocks boolean, contradicted boolean, mode text,
      findings integer, statement text, path text, "blobHash" text)`,
};
const count = {
  name: 'rule-results.count',
  text: `insert into specline.rule_finding (organization_id, rule_id, spec_id, element, first_report_id)
    select $1, f."ruleId", $2, f.element, $3 from jsonb_to_recordset($4) as f ("ruleId" text, element text)
    on conflict do nothing`,
};

/** Keeps what the last report of each spec says by rule, and every finding that was ever reported, once. */
@Injectable()
export class RuleResultsSubscription extends Subscription implements OnModuleInit {
  readonly name = 'rule-results';
  override readonly types = new Set(['compliance.report.issued']);
  override readonly batch = 50;
  override readonly pause = 200;

  constructor(private readonly subscriptions: Subscriptions) {
    super();
  }

  onModuleInit(): void {
    this.subscriptions.register(this);
  }

  override async apply(events: readonly RecordedEvent[], client: PoolClient): Promise<void> {
    for (const { organizationId, payload, recordedAt } of events) {
      const { specId, reportId, rows, consistency } = payload as ReportIssued;
      const all = [...rows, ...consistency];
      const results = JSON.stringify(all.map(resultOf));
      const findings = JSON.stringify(all.flatMap(findingsOf));
      await client.query({ ...forget, values: [organizationId, specId] });
      await client.query({ ...keep, values: [organizationId, specId, reportId, recordedAt, results] });
      await client.query({ ...count, values: [organizationId, specId, reportId, findings] });
    }
  }
}

const resultOf = ({ source, findings, ...row }: ReportedRow): object => {
  const { ruleId, outcome, blocks, contradicted, mode, statement } = row;
  const { path = null, blobHash = null } = source ?? {};
  return { ruleId, outcome, blocks, contradicted, mode, findings: findings.length, statement, path, blobHash };
};

/** One a gap, known by the first element that it is about; what has no element is one of the spec as a whole. */
const findingsOf = ({ ruleId, findings, finding }: ReportedRow): { ruleId: string; element: string }[] => {
  if (!isGap(finding.outcome)) return [];
  const elements = new Set(findings.map((one) => one.elements[0]?.key ?? ''));
  return [...(elements.size === 0 ? [''] : elements)].map((element) => ({ ruleId, element }));
};

import type { waiverEvents } from '../../events/waiver.events.js';
import type { Projection } from '../event-store/decider.js';
import { ProjectionTable } from '../event-store/projection-tables.js';
import type { WaiverState } from './waiver.decider.js';

export type WaiverRow = {
  organizationId: string;
  waiverId: string;
  ruleId: string;
  specId: string | null;
  owner: string;
  reason: string;
  compensatingControl: string;
  expiresAt: string;
  requesterId: string;
  requesterKind: string;
  requesterName: string;
  requestedAt: string;
  approverId: string | null;
  approverKind: string | null;
  approverName: string | null;
  approvedAt: string | null;
  withdrawerId: string | null;
  withdrawerKind: string | null;
  withdrawerName: string | null;
  withdrawnAt: string | null;
  withdrawal: string | null;
  version: number;
};

export const waiverTable = new ProjectionTable<WaiverRow>(
  'compliance_waiver',
  {
    organizationId: 'uuid',
    waiverId: 'uuid',
    ruleId: 'text',
    specId: 'uuid',
    owner: 'text',
    reason: 'text',
    compensatingControl: 'text',
    expiresAt: 'timestamptz',
    requesterId: 'text',
    requesterKind: 'text',
    requesterName: 'text',
    requestedAt: 'timestamptz',
    approverId: 'text',
    approverKind: 'text',
    approverName: 'text',
    approvedAt: 'timestamptz',
    withdrawerId: 'text',
    withdrawerKind: 'text',
    withdrawerName: 'text',
    withdrawnAt: 'timestamptz',
    withdrawal: 'text',
    version: 'bigint',
  },
  ['organizationId', 'waiverId'],
);

export const projectWaiver: Projection<WaiverState, typeof waiverEvents> = (waiver, _, context) => {
  if (!waiver) return [];
  const { organizationId, streamId, version } = context;
  const { requestedBy, approvedBy, withdrawnBy, ...own } = waiver;
  return [
    waiverTable.put({
      ...own,
      organizationId,
      waiverId: streamId,
      requesterId: requestedBy.id,
      requesterKind: requestedBy.kind,
      requesterName: requestedBy.name,
      approverId: approvedBy?.id ?? null,
      approverKind: approvedBy?.kind ?? null,
      approverName: approvedBy?.name ?? null,
      withdrawerId: withdrawnBy?.id ?? null,
      withdrawerKind: withdrawnBy?.kind ?? null,
      withdrawerName: withdrawnBy?.name ?? null,
      version,
    }),
  ];
};

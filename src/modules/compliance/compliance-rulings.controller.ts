import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Caller } from '../../commands/command.js';
import { AttestRule, ConfirmLink, WithdrawAttestation, WithdrawLink } from '../../commands/spec-compliance.commands.js';
import { CommandRoute, From, FromRequest } from '../http/command-route.js';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { AttestationList } from './attestation.view.js';
import { LinkList } from './compliance-links.view.js';
import { ComplianceRulingQueries } from './compliance-rulings.queries.js';
import { ComplianceReceipt } from './compliance-standing.view.js';

const change = { tag: 'Compliance', receipt: ComplianceReceipt } as const;

@Controller('v1/organizations/:organizationId/specs/:specId')
export class ComplianceRulingsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly rulings: ComplianceRulingQueries,
  ) {}

  @QueryRoute('compliance-links', {
    summary: 'What is linked in a spec, and which elements lack a link',
    operationId: 'listComplianceLinks',
    tag: change.tag,
    view: LinkList,
  })
  links(@Asked() { organizationId, path }: Ask) {
    return this.rulings.links(organizationId, path.specId ?? '');
  }

  @CommandRoute('Post', 'compliance-links', {
    ...change,
    summary: 'Confirm that two elements of a spec belong together',
    operationId: 'confirmLink',
    json: ConfirmLink,
    creates: { id: 'linkId', location: ({ specId }) => `/specs/${String(specId)}/compliance-links` },
  })
  confirm(@FromRequest() command: ConfirmLink, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Delete', 'compliance-links/:linkId', {
    ...change,
    summary: 'Take a link back',
    operationId: 'withdrawLink',
    bodiless: WithdrawLink,
  })
  withdrawLink(@FromRequest() command: WithdrawLink, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @QueryRoute('compliance-attestations', {
    summary: 'What was attested of a spec, and whether it counts',
    operationId: 'listAttestations',
    tag: change.tag,
    view: AttestationList,
  })
  attestations(@Asked() { organizationId, path }: Ask) {
    return this.rulings.attestations(organizationId, path.specId ?? '');
  }

  @CommandRoute('Post', 'compliance-attestations', {
    ...change,
    summary: 'Say what a rule that only judgement can decide comes to in a spec',
    operationId: 'attestRule',
    json: AttestRule,
    creates: { id: 'attestationId', location: ({ specId }) => `/specs/${String(specId)}/compliance-attestations` },
  })
  attest(@FromRequest() command: AttestRule, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }

  @CommandRoute('Delete', 'compliance-attestations/:attestationId', {
    ...change,
    summary: 'Take back what one attested',
    operationId: 'withdrawAttestation',
    bodiless: WithdrawAttestation,
  })
  withdraw(@FromRequest() command: WithdrawAttestation, @From() caller: Caller) {
    return this.commands.execute(command.from(caller));
  }
}

import type { OnModuleInit } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { EventPosition } from '../event-store/subscription.js';
import { Subscription, Unavailable } from '../event-store/subscription.js';
import { Subscriptions } from '../event-store/subscriptions.js';
import { eventsInSeal } from './evidence-line.js';
import type { LedgerHead, LedgerNode } from './ledger.js';
import { emptyLedger, sealEvents } from './ledger.js';
import type { Seal } from './seal.js';
import { SigningKeys } from './signing-keys.js';

const readHeads = {
  name: 'ledger.heads',
  text: `select organization_id as "organizationId", size, peaks, seals, encode(last_seal, 'hex') as "lastSeal",
      to_char(sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "sealedAt"
    from specline.ledger where organization_id = any ($1) for update`,
};
const readClock = {
  name: 'ledger.clock',
  text: `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "now"`,
};
/** The events of a batch are all that stand between its first position and its last. */
const addEntries = {
  name: 'ledger.entries',
  text: `insert into specline.ledger_entry (organization_id, position, seq, stream_id, version, event_id, hash)
    select e.organization_id, coalesce(l.size, 0) + row_number() over (partition by e.organization_id order by e.seq),
      e.seq, e.stream_id, e.version, e.event_id, e.hash
    from specline.event e left join specline.ledger l on l.organization_id = e.organization_id
    where e.seq between $1 and $2`,
};
const addNodes = {
  name: 'ledger.nodes',
  text: `insert into specline.ledger_node (organization_id, level, index, hash)
    select * from unnest($1::uuid[], $2::int[], $3::bigint[], $4::bytea[])`,
};
const addSeals = {
  name: 'ledger.seals',
  text: `insert into specline.seal (organization_id, number, size, root, previous, sealed_at, key_id, signature)
    select o, n, s, decode(r, 'hex'), decode(p, 'hex'), t, k, g
    from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[])
      as x (o, n, s, r, p, t, k, g)`,
};
const moveHeads = {
  name: 'ledger.move',
  text: `insert into specline.ledger (organization_id, size, peaks, seals, last_seal, sealed_at)
    select o, s, p, n, decode(h, 'hex'), t
    from unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bigint[], $5::text[], $6::timestamptz[]) as x (o, s, p, n, h, t)
    on conflict (organization_id) do update set size = excluded.size, peaks = excluded.peaks, seals = excluded.seals,
      last_seal = excluded.last_seal, sealed_at = excluded.sealed_at`,
};

/**
 * Writes each organization's ledger and seals it: what comes within a second of each other is one seal an organization,
 * in the transaction that moves the checkpoint. Costs a row and two hashes an event, and a signature a seal.
 */
@Injectable()
export class LedgerSubscription extends Subscription<EventPosition> implements OnModuleInit {
  readonly name = 'ledger';
  override readonly batch = eventsInSeal;
  override readonly pause = 1_000;
  override readonly reads = 'positions';

  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly keys: SigningKeys,
  ) {
    super();
  }

  onModuleInit(): void {
    this.subscriptions.register(this);
  }

  override async apply(events: readonly EventPosition[], client: PoolClient): Promise<void> {
    try {
      await this.seal(events, client);
    } catch (error) {
      // Nothing that an event says is read here, so none is to blame, and a ledger with gaps would be none.
      throw new Unavailable(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  private async seal(events: readonly EventPosition[], client: PoolClient): Promise<void> {
    const hashes = hashesByOrganization(events);
    const signer = await this.keys.signer(client);
    const { rows: heads } = await client.query<LedgerHead>({ ...readHeads, values: [[...hashes.keys()]] });
    const { rows: clock } = await client.query<{ now: string }>(readClock);
    const known = new Map(heads.map((head) => [head.organizationId, head]));
    const sealed = [...hashes].map(([organizationId, own]) =>
      sealEvents(known.get(organizationId) ?? emptyLedger(organizationId), own, signer, clock[0]?.now ?? ''),
    );
    await this.addEntries(events, client);
    await this.addNodes(
      sealed.flatMap(({ nodes }) => nodes),
      client,
    );
    await this.addSeals(
      sealed.map(({ seal }) => seal),
      client,
    );
    await this.moveHeads(
      sealed.map(({ head }) => head),
      client,
    );
  }

  private async addEntries(events: readonly EventPosition[], client: PoolClient): Promise<void> {
    const { rowCount } = await client.query({ ...addEntries, values: [events[0]?.seq, events.at(-1)?.seq] });
    if (rowCount !== events.length) throw new Error(`${rowCount} entries written where ${events.length} events came`);
  }

  private async addNodes(nodes: readonly LedgerNode[], client: PoolClient): Promise<void> {
    if (nodes.length === 0) return;
    const column = <K extends keyof LedgerNode>(name: K) => nodes.map((node) => node[name]);
    const values = [column('organizationId'), column('level'), column('index'), column('hash')];
    await client.query({ ...addNodes, values });
  }

  private async addSeals(seals: readonly Seal[], client: PoolClient): Promise<void> {
    const column = <K extends keyof Seal>(name: K) => seals.map((seal) => seal[name]);
    const what = [column('organizationId'), column('number'), column('size'), column('root'), column('previous')];
    const values = [...what, column('sealedAt'), column('keyId'), column('signature')];
    await client.query({ ...addSeals, values });
  }

  private async moveHeads(heads: readonly LedgerHead[], client: PoolClient): Promise<void> {
    const column = <K extends keyof LedgerHead>(name: K) => heads.map((head) => head[name]);
    const what = [column('organizationId'), column('size'), column('peaks'), column('seals')];
    await client.query({ ...moveHeads, values: [...what, column('lastSeal'), column('sealedAt')] });
  }
}

function hashesByOrganization(events: readonly EventPosition[]): Map<string, Buffer[]> {
  const hashes = new Map<string, Buffer[]>();
  for (const { organizationId, hash } of events) {
    const own = hashes.get(organizationId) ?? [];
    hashes.set(organizationId, own);
    own.push(Buffer.from(hash, 'hex'));
  }
  return hashes;
}

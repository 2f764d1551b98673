import { deliveredId, type Delivered } from '#domain/delivered/delivered.ts';
import { isAccountId, parseRecordId, type RecordId } from '#domain/id.ts';
import type { Bell } from './bell.ts';
import type { Couch } from './couch.ts';
import type { CouchChange, Database } from './couch-database.ts';
import { follow, type Follower, type Log } from './follow.ts';
import type { HubRecords } from './hub-records.ts';
import { createPlaces } from './place.ts';
import type { Timers } from './timers.ts';

export type DeliveryDeps = {
  couch: Couch;
  bell: Bell;
  hubRecords: HubRecords;
  membership: { circlesOf(person: string): Promise<string[]> };
  clock: () => number;
  timers: Timers;
  log: Log;
};

export type Delivery = {
  /** Resolves when everything told of so far is delivered. */
  settled(): Promise<void>;
  /** Resolves when what was under way is done; nothing begins after it. */
  stop(): Promise<void>;
  backlog: Follower['backlog'];
};

/** The `_local` document that says to whom a record went. */
export const sentToId = (record: string) => `to.${record}`;

/** What a person wrote into her own database, as far as delivery cares. `to: 'hub'` is read by the hub and goes to nobody. */
type Addressed = { _id: RecordId; _rev: string; to?: unknown; subject?: unknown; circle?: unknown; status?: unknown };

/** Documents read at once: at most 32 kB each, mostly far less. */
const recordsAtOnce = 100;

/**
 * R13: copies each record with `to` into its addressees' own databases as `hub:delivered:<id>`, changes the copy with the record, and
 * takes it away again when the record is withdrawn or deleted or a person is no longer addressed. Restart-safe: to whom a record went
 * stands in a `_local` document beside it, written before the copies, and the place moves only behind them.
 */
export function startDelivery(deps: DeliveryDeps): Delivery {
  const { couch, bell, hubRecords, membership, clock, timers, log } = deps;
  const places = createPlaces<{ since: string }>('delivery', { since: '0' });

  const deliver = async (database: Database, sender: string, { id, deleted, doc }: CouchChange) => {
    if (parseRecordId(id)?.author !== sender) return false;
    const record = deleted ? null : ((doc ?? null) as Addressed | null);
    const before = (await database.getLocal<{ to: string[] }>(sentToId(id)))?.to ?? [];
    const to = record && record.status !== 'withdrawn' ? await reachable(sender, record) : [];
    const everybody = [...new Set([...before, ...to])];
    if (everybody.length === 0) return false;
    if (to.some((person) => !before.includes(person))) await database.putLocal(sentToId(id), { to: everybody });
    for (const person of everybody) {
      const home = `me-${person}`;
      if (!to.includes(person)) await hubRecords.remove(home, deliveredId(id));
      else {
        await couch.ensure(home);
        await hubRecords.put<Delivered>(home, deliveredId(id), () => ({
          subject: id,
          from: sender,
          record: sent(record!)
        }));
      }
    }
    if (before.length > to.length) await database.putLocal(sentToId(id), { to });
    return true;
  };

  /** R13: those addressed who share a circle with the sender, or the order that the record is about. */
  const reachable = async (sender: string, record: Addressed): Promise<string[]> => {
    const wanted = Array.isArray(record.to) ? [...new Set(record.to.filter(isAccountId))] : [];
    if (wanted.length === 0) return [];
    const circles = new Set(await membership.circlesOf(sender));
    const shared = await Promise.all(
      wanted.map(async (person) => (await membership.circlesOf(person)).some((circle) => circles.has(circle)))
    );
    const order = shared.every(Boolean) ? [] : await partiesOf(record);
    return wanted.filter(
      (person, index) => person !== sender && (shared[index] || (order.includes(person) && order.includes(sender)))
    );
  };

  /** Giver and taker of the claim that the record is about, if there is that claim; whether they are still members or not. */
  const partiesOf = async ({ circle, subject }: Addressed): Promise<string[]> => {
    const claim = parseRecordId(subject);
    if (claim?.kind !== 'claim' || typeof circle !== 'string') return [];
    const stands = await couch
      .database(`c-${circle}`)
      .get(subject as string)
      .catch(() => null);
    return stands ? [claim.author, parseRecordId(claim.key)!.author] : [];
  };

  const catchUp = async (database: Database) => {
    const sender = database.name.slice('me-'.length);
    let { since } = await places.of(database);
    let worked = false;
    for (;;) {
      const { results, last_seq } = await database.changes({ since, limit: recordsAtOnce, includeDocs: true });
      for (const change of results) worked = (await deliver(database, sender, change)) || worked;
      since = last_seq;
      if (results.length < recordsAtOnce) break;
    }
    await places.move(database, { since }, worked);
  };

  return follow({ couch, bell, clock, timers, log, name: 'delivery', prefix: 'me-', catchUp });
}

const sent = ({ _rev, ...record }: Addressed) => record;

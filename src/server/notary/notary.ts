import { allot, nextDeadline } from '#domain/allot.ts';
import { allotmentId, type Allotment, type AllotmentBody } from '#domain/allotment/allotment.ts';
import type { RecordId } from '#domain/id.ts';
import { databaseOf, type Bell, type DatabaseRing } from '../bell.ts';
import type { Couch } from '../couch.ts';
import type { Database } from '../couch-database.ts';
import { follow, type Follower, type Log } from '../follow.ts';
import type { HubRecords } from '../hub-records.ts';
import { createPlaces } from '../place.ts';
import { createSpans } from '../spans.ts';
import type { Timers } from '../timers.ts';
import { readCases, type Case } from './cases.ts';
import {
  addToDocket,
  claimsOf,
  emptyDocket,
  isEmpty,
  readNews,
  strikeRead,
  takeClaimed,
  takeOffers,
  type Docket
} from './docket.ts';
import { firstTerms, forgetFirstTerms, keepFirstTerms } from './first-terms.ts';
import { addLeavers } from './leavers.ts';
import { readReturned } from './returned.ts';

export type NotaryDeps = {
  couch: Couch;
  bell: Bell;
  hubRecords: HubRecords;
  clock: () => number;
  timers: Timers;
  log: Log;
  /** Whether the hub was ever restored: then allotments may know more than the claims that are here. */
  restored?: boolean;
};

export type Notary = {
  /** Looks at these claims once more: an allotment that a device handed back late does not know them. */
  lookAgain(database: string, claims: readonly RecordId[]): void;
  /** Resolves when everything that the notary was told of so far is settled and on disk. */
  settled(): Promise<void>;
  /** Resolves when what was under way is on disk; nothing begins after it. */
  stop(): Promise<void>;
  backlog: Follower['backlog'];
};

/** How far the notary is in one circle, and when it must look at an offer again though nothing arrives. */
type NotaryPlace = { since: string; deadlines: Record<RecordId, string> };

/** Offers settled by one read and one write: some thousand documents at most. */
const offersAtOnce = 200;
/** While claims keep arriving for the very offers that are read, reading again must end somewhere. */
const readings = 5;

/**
 * Design §4: answers every claim, in the order in which the database took them. Nothing is held in memory but the place in each
 * circle's changes: a claim costs two reads and one write whatever the circle's size, and of 10,000 records that are no
 * claims only the ids are ever read. A circle without news costs two reads at the start.
 */
export function startNotary(deps: NotaryDeps): Notary {
  const { couch, bell, hubRecords, clock, timers, log, restored = false } = deps;
  const places = createPlaces<NotaryPlace>('notary', { since: '0', deadlines: {} });
  const spans = createSpans();
  const alarms = new Map<string, unknown>();
  const again = new Map<string, Set<RecordId>>();
  const begun = new Set<string>();
  const read = async (database: Database, docket: Docket, batch: ReadonlyMap<RecordId, ReadonlySet<RecordId>>) => {
    const found = await readCases(database, batch, restored ? await readReturned(database) : null);
    strikeRead(docket, found.ids, found.rev);
    return found;
  };

  /** Writes what is new in the answers; resolves when it is on disk. */
  const settle = async (database: Database, cases: readonly Case[], deadlines: NotaryPlace['deadlines']) => {
    const now = new Date(clock()).toISOString();
    const kept: AllotmentBody[] = [];
    const answers = await Promise.all(
      cases.map(async (one) => {
        const first = one.allotment || !one.edited ? null : await firstTerms(database, one.subject);
        const answer = (before: Allotment | null) => allot({ ...one, now }, before ?? first);
        const body = answer(one.allotment);
        const bare = !one.allotment && one.claims.length === 0 && body.terms.length < 2;
        if (!bare) return [{ one, body, answer }];
        if (!one.offer) await forgetFirstTerms(database, one.subject);
        else if (!first) kept.push(body);
        return [];
      })
    );
    await keepFirstTerms(database, kept);
    await hubRecords.putAll<Allotment>(
      database.name,
      answers.flat().map(({ one, answer }) => ({ id: allotmentId(one.subject), before: one.allotment, change: answer }))
    );
    for (const { one, body } of answers.flat()) {
      const deadline = nextDeadline(body, one.offer, now);
      if (deadline) deadlines[one.subject] = deadline;
      else delete deadlines[one.subject];
    }
  };

  /** Settles what somebody waits for; answers the sequence up to which the docket has taken everything in. */
  const settleClaimed = async (
    database: Database,
    docket: Docket,
    from: string,
    deadlines: NotaryPlace['deadlines']
  ) => {
    const batch = takeClaimed(docket, offersAtOnce);
    for (let since = from, reading = 1; ; reading++) {
      // Whatever changed in the offers themselves is read with them.
      for (const offer of batch.keys()) docket.offers.delete(offer);
      const { cases, ids } = await read(database, docket, batch);
      const news = await readNews(database, since);
      since = news.since;
      addToDocket(docket, news.changes);
      if (reading === readings || !news.changes.some(({ id }) => ids.has(id))) {
        await settle(database, cases, deadlines);
        return since;
      }
      // What was read is newer than what is known to have arrived. What came in between goes first, so that the order stays the
      // database's: of two claims the one acknowledged before the other was sent comes first.
      for (const [offer, claims] of batch) {
        for (const claim of docket.claimed.get(offer) ?? []) claims.add(claim);
        docket.claimed.delete(offer);
      }
    }
  };

  const catchUp = async (database: Database) => {
    const place = await places.of(database);
    const deadlines = { ...place.deadlines };
    const docket = emptyDocket();
    for (const [offer, at] of Object.entries(deadlines)) {
      if (Date.parse(at) <= clock()) claimsOf(docket, offer as RecordId);
    }
    const lookedAt = again.get(database.name);
    // What an earlier process was to look at once more, and may have died before.
    const before = restored && !begun.has(database.name) ? await readReturned(database) : null;
    addToDocket(
      docket,
      [...(lookedAt ?? []), ...(before?.again ?? [])].map((id) => ({ id }))
    );
    let since = spans.placeIn(database.name, place.since);
    let worked = false;
    for (;;) {
      const news = await readNews(database, since);
      since = news.since;
      addToDocket(docket, news.changes);
      await addLeavers(database, docket);
      if (isEmpty(docket)) break;
      worked = true;
      // Claims before anything else: a flood of offers never delays an answer.
      if (docket.claimed.size > 0) since = await settleClaimed(database, docket, since, deadlines);
      else await settle(database, (await read(database, docket, takeOffers(docket, offersAtOnce))).cases, deadlines);
    }
    await places.move(database, { since, deadlines }, worked);
    spans.read(database.name, since);
    if (again.get(database.name) === lookedAt) again.delete(database.name);
    if (restored) begun.add(database.name);
    setAlarm(database.name, deadlines);
  };

  const setAlarm = (name: string, deadlines: NotaryPlace['deadlines']) => {
    timers.clear(alarms.get(name));
    alarms.delete(name);
    const next = Math.min(...Object.values(deadlines).map((at) => Date.parse(at)));
    if (next < Infinity)
      alarms.set(
        name,
        timers.set(() => follower.news(name), next - clock())
      );
  };

  /** Comments and pictures by the thousand cost the notary nothing but a look at their ids. */
  const isNews = (ring: DatabaseRing): boolean => {
    if (!ring.ids || !ring.span) return true;
    const docket = emptyDocket();
    addToDocket(
      docket,
      ring.ids.map((id) => ({ id }))
    );
    return !isEmpty(docket) || !spans.skip(databaseOf(ring), ring.span);
  };

  const follower = follow({ couch, bell, clock, timers, log, name: 'notary', prefix: 'c-', isNews, catchUp });
  return {
    settled: follower.settled,
    lookAgain(name, claims) {
      if (claims.length === 0) return;
      again.set(name, new Set([...(again.get(name) ?? []), ...claims]));
      follower.news(name);
    },
    backlog: follower.backlog,
    async stop() {
      await follower.stop();
      for (const alarm of alarms.values()) timers.clear(alarm);
    }
  };
}

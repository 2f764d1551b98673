import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { allotmentId, type Allotment } from '#domain/allotment/allotment.ts';
import { makeClaim } from '#domain/claim/claim.ts';
import { listingId, makeListing, type Listing } from '#domain/listing/listing.ts';
import { hubTime, type HubTime } from '../../../../tests/hub-time.ts';
import { startStore, type TestStore } from '../../../../tests/start-store.ts';
import { createBell, type Bell } from '../../bell.ts';
import { connectCouch, type Couch } from '../../couch.ts';
import type { Database } from '../../couch-database.ts';
import { openHubKey, type HubKey } from '../../hub-key.ts';
import { createHubRecords } from '../../hub-records.ts';
import { startNotary, type Notary } from '../notary.ts';

export const now = '2026-03-01T08:00:00.000Z';
export const trousers = listingId('lin', 'trousers');

export const post = (body: Partial<Listing> = {}, key = 'trousers') =>
  makeListing({ title: 'Size-S trousers', ...body }, { author: 'lin', now, key });
export const claim = (person: string, body: object = {}) =>
  makeClaim({ subject: trousers, ...body }, { author: person, now });

/** Each place as `person arrival state why`. */
export const states = ({ places }: Allotment) =>
  places.map(({ claim, state, arrival, why }) => `${claim.split(':')[0]} ${arrival} ${state} ${why.code}`);

/** What stands while a case runs: its own circle, bell and clock, on one store. */
export type NotaryStage = {
  store: TestStore;
  key: HubKey;
  circle: Database;
  bell: Bell;
  time: HubTime;
  /** The last that was started; stopped after the case. */
  notary: Notary | null;
  start(how?: { couch?: Couch; restored?: boolean }): void;
  /** As the gate does it: on what stands there, and then the bell. */
  write(...docs: { _id: string }[]): Promise<void>;
  /** What the notary says of Lin's trousers once it has settled all. */
  answer(): Promise<Allotment>;
};

/** Sets the stage for the cases of a suite. */
export function stageNotary(): NotaryStage {
  let circles = 0;
  const stage = { start, write, answer } as NotaryStage;

  beforeAll(async () => {
    stage.store = await startStore();
    stage.key = await openHubKey(stage.store.couch, () => 0);
  });
  afterAll(() => stage.store.stop());
  beforeEach(async () => {
    stage.circle = await stage.store.couch.ensure(`c-${300 + circles++}`);
    stage.bell = createBell();
    stage.time = hubTime();
    stage.notary = null;
  });
  afterEach(() => stage.notary?.stop());

  function start({ couch = stage.store.couch, restored = false } = {}): void {
    const { bell, key, time } = stage;
    const { clock, timers } = time;
    const hubRecords = createHubRecords({ couch, bell, key, clock });
    stage.notary = startNotary({ couch, bell, hubRecords, clock, timers, log: { error() {} }, restored });
  }

  async function write(...docs: { _id: string }[]): Promise<void> {
    const { circle, bell } = stage;
    for (const doc of docs) {
      const before = await circle.get<{ _rev: string }>(doc._id);
      await circle.put({ ...doc, ...(before && { _rev: before._rev }) });
    }
    bell.ring({ circle: circle.name.slice(2), ids: docs.map(({ _id }) => _id) });
  }

  async function answer(): Promise<Allotment> {
    await stage.notary!.settled();
    return (await stage.circle.get<Allotment>(allotmentId(trousers)))!;
  }

  return stage;
}

/** What is about to be asked of the database: method, path and parsed body. Throwing loses the request. */
type Look = (method: string, path: string, body: { keys?: string[]; docs?: { _id: string }[] }) => void | Promise<void>;

/** The same store, with a look at each request before it is sent. */
export function watched(store: TestStore, look: Look): Couch {
  const watch: typeof fetch = async (input, init) => {
    await look(init?.method ?? 'GET', String(input).split('?')[0]!, JSON.parse(String(init?.body ?? '{}')));
    return fetch(input, init);
  };
  return connectCouch({ url: store.url, prefix: store.prefix, fetch: watch });
}

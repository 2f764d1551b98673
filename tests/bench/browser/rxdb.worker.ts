// RxDB as its documentation advises: Dexie storage, one instance, no validation or dev mode, an index for the query.
import { createRxDatabase, type RxCollection, type RxDatabase, type RxJsonSchema } from 'rxdb/plugins/core';
import { replicateCouchDB } from 'rxdb/plugins/replication-couchdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import type { Observable } from 'rxjs';
import { seededListings } from '../documents.ts';
import { tellArrivals } from './arrivals.ts';
import { plainOf, type PlainListing } from './plain.ts';
import { expose } from './rpc.ts';
import { timed } from './timed.ts';

const schema: RxJsonSchema<PlainListing> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 120 },
    title: { type: 'string' },
    category: { type: 'string', maxLength: 12 },
    at: { type: 'string', maxLength: 24 },
    record: { type: 'object' }
  },
  required: ['id', 'title', 'category', 'at', 'record'],
  indexes: [['category', 'at']]
};

// Its own inserts take as long as they take in batches of any size; this keeps a transaction below a second.
const batch = 1_000;

/** Any record, under its id. */
type AnyDoc = { id: string; title?: string };
const anySchema: RxJsonSchema<AnyDoc> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 240 }, title: { type: 'string' } },
  required: ['id']
};

const storage = getRxStorageDexie();

let database: RxDatabase | null = null;

/** Opened anew, so that nothing of an earlier query is kept: the first, uncached query is what is asked for. */
async function open(): Promise<RxCollection<PlainListing>> {
  await database?.close();
  database = await createRxDatabase({
    name: 'bench-newest-rxdb',
    storage,
    multiInstance: false,
    eventReduce: true
  });
  const { listings } = await database.addCollections({ listings: { schema } });
  return listings as RxCollection<PlainListing>;
}

const arrived = tellArrivals();
let live: RxCollection<AnyDoc> | null = null;

/** RxDB tries again for ever; here the first error is the end. */
function withoutError<T>({ error$ }: { error$: Observable<Error> }, work: Promise<T>): Promise<T> {
  return Promise.race([work, new Promise<never>((_, reject) => error$.subscribe(reject))]);
}

expose({
  async fill(seed: number, count: number) {
    const listings = await open();
    const all = seededListings(seed, count).map(plainOf);
    for (let at = 0; at < all.length; at += batch) await listings.bulkInsert(all.slice(at, at + batch));
  },
  async newest(category: string, limit: number) {
    const listings = await open();
    await listings.findOne('nobody').exec(); // whatever is opened lazily is open
    const { ms, value } = await timed(() =>
      listings.find({ selector: { category }, sort: [{ category: 'desc' }, { at: 'desc' }], limit }).exec()
    );
    return { ms, rows: value.map(({ id, title }) => ({ id, title })) };
  },

  /** B4: one replication from the gate, in batches that suit a pull. */
  async join(circle: string) {
    const whole = await createRxDatabase({ name: 'bench-join-rxdb', storage, multiInstance: false, eventReduce: true });
    const { records } = await whole.addCollections({ records: { schema: anySchema } });
    const { ms } = await timed(async () => {
      const replication = replicateCouchDB<AnyDoc>({
        replicationIdentifier: 'bench-join',
        collection: records as RxCollection<AnyDoc>,
        url: `${self.location.origin}/db/${circle}/`,
        live: false,
        waitForLeadership: false,
        fetch: (...args) => fetch(...args), // its own is not bound in a worker
        pull: { batchSize: 500 }
      });
      await withoutError(replication, replication.awaitInitialReplication());
    });
    const all = await (records as RxCollection<AnyDoc>).find().exec();
    await whole.remove();
    return { ms, rows: all.map(({ id }) => id).sort() };
  },

  /** B5: from now on both ways, live. */
  async live(name: string) {
    const both = await createRxDatabase({ name: 'bench-live-rxdb', storage, multiInstance: false, eventReduce: true });
    const { records } = await both.addCollections({ records: { schema: anySchema } });
    live = records as RxCollection<AnyDoc>;
    live.insert$.subscribe(({ documentData }) => documentData.title && arrived(documentData.title));
    const replication = replicateCouchDB<AnyDoc>({
      replicationIdentifier: 'bench-live',
      collection: live,
      url: `${self.location.origin}/store/${name}/`,
      live: true,
      waitForLeadership: false,
      fetch: (...args) => fetch(...args),
      pull: {},
      push: {}
    });
    await withoutError(replication, replication.awaitInitialReplication());
  },
  async save(id: string, title: string) {
    const from = performance.timeOrigin + performance.now();
    await live!.insert({ id, title });
    return from;
  }
});

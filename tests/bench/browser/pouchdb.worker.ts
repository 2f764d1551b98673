// PouchDB with pouchdb-find as its documentation advises: an index for the query, named in it.
import PouchDB from 'pouchdb';
import find from 'pouchdb-find';
import { seededListings } from '../documents.ts';
import { tellArrivals } from './arrivals.ts';
import { plainOf, type PlainListing } from './plain.ts';
import { expose } from './rpc.ts';
import { timed } from './timed.ts';

PouchDB.plugin(find);

const batch = 1_000;
const options = { adapter: 'idb', auto_compaction: true };
const database = new PouchDB<PlainListing>('bench-newest-pouchdb', options);
const index = { fields: ['category', 'at'], ddoc: 'newest', name: 'newest' };

const arrived = tellArrivals();
let live: PouchDB.Database<{ title?: string }> | null = null;

expose({
  async fill(seed: number, count: number) {
    const all = seededListings(seed, count).map((listing) => {
      const plain = plainOf(listing);
      return { _id: plain.id, ...plain };
    });
    for (let at = 0; at < all.length; at += batch) await database.bulkDocs(all.slice(at, at + batch));
    await database.createIndex({ index });
    // The index is made by the first query, which nobody would measure.
    await database.find({
      selector: { category: 'none', at: { $gt: null } },
      use_index: ['newest', 'newest'],
      limit: 1
    });
  },
  async newest(category: string, limit: number) {
    const { ms, value } = await timed(() =>
      database.find({
        selector: { category, at: { $gt: null } },
        sort: [{ category: 'desc' }, { at: 'desc' }],
        use_index: ['newest', 'newest'],
        limit
      })
    );
    return { ms, rows: value.docs.map(({ id, title }) => ({ id, title })) };
  },

  /** B4: one replication from the gate, in batches that suit a pull. */
  async join(circle: string) {
    const db = new PouchDB<object>('bench-join-pouchdb', options);
    const { ms } = await timed(async () =>
      db.replicate.from(`${self.location.origin}/db/${circle}`, { batch_size: 500, batches_limit: 10 })
    );
    const { rows } = await db.allDocs();
    await db.destroy();
    return { ms, rows: rows.map(({ id }) => id) };
  },

  /** B5: from now on both ways, live. */
  live(name: string) {
    const db = new PouchDB<{ title?: string }>('bench-live-pouchdb', options);
    live = db;
    db.sync(`${self.location.origin}/store/${name}`, { live: true, retry: true });
    db.changes({ since: 'now', live: true, include_docs: true }).on('change', ({ doc }) => {
      if (doc?.title) arrived(doc.title);
    });
  },
  async save(id: string, title: string) {
    const from = performance.timeOrigin + performance.now();
    await live!.put({ _id: id, title });
    return from;
  }
});

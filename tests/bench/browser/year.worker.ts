// B9: a device that was there every day of a year: what it keeps, and what of it still stands.
import PouchDB from 'pouchdb';
import type { Stored } from '#data/log.ts';
import { createPouchLog, type PouchConstructor } from '#data/pouch-log.ts';
import { catchUp } from '#data/projector.ts';
import { openReadModel } from '#data/read-model.ts';
import { simulatedYear } from '../year.ts';
import { expose } from './rpc.ts';

const circle = '302';
const utf8 = new TextEncoder();

expose({
  async live(seed: number, days: number) {
    const log = createPouchLog(PouchDB as unknown as PouchConstructor, 'bench-year', { adapter: 'idb' });
    const model = openReadModel('bench-year-read');
    const histories = new Map<string, string[]>();
    const standing = new Map<string, object>();
    let revisions = 0;
    for (const day of simulatedYear(seed, days)) {
      const docs = day.map((record): Stored => {
        const ids = histories.get(record._id) ?? [];
        histories.set(record._id, ids);
        ids.unshift((++revisions).toString(16).padStart(32, '0'));
        standing.set(record._id, record);
        const _revisions = { start: ids.length, ids: [...ids] };
        return { ...record, _rev: `${ids.length}-${ids[0]}`, _revisions } as unknown as Stored;
      });
      await log.take(docs);
      await catchUp(model, log, circle);
    }
    const rows = await model.listing.count();
    model.close();
    await log.close();
    const bytes = [...standing.values()].reduce((sum, record) => sum + utf8.encode(JSON.stringify(record)).length, 0);
    const listings = [...standing.keys()].filter((id) => id.split(':')[1] === 'listing').length;
    return { bytes, records: standing.size, revisions, listings, rows };
  },
  /** The same device the next day: opens both, and tells how many listings are there. */
  async reopen() {
    const log = createPouchLog(PouchDB as unknown as PouchConstructor, 'bench-year', { adapter: 'idb' });
    const model = openReadModel('bench-year-read');
    await log.changes(0, 1);
    return model.listing.count();
  }
});

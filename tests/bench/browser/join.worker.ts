// B4: a circle comes to this device: the shipped way, and as plainly as it can be done with the same PouchDB.
import PouchDB from 'pouchdb';
import { createCircleCopy } from '#data/circle-copy.ts';
import { openDeviceStore } from '#data/device-store.ts';
import { join } from '#data/join.ts';
import { createPouchLog, type PouchConstructor } from '#data/pouch-log.ts';
import { openReadModel } from '#data/read-model.ts';
import { createRemote } from '#data/remote.ts';
import { expose } from './rpc.ts';
import { timed } from './timed.ts';

const Pouch = PouchDB as unknown as PouchConstructor;
const options = { adapter: 'idb', auto_compaction: true };
const urlOf = (circle: string) => `${self.location.origin}/db/${circle}`;
const send: typeof fetch = (...args) => fetch(...args);
let databases = 0;

/** The ids of what a log holds, in their order. */
async function idsIn(db: PouchDB.Database<object>): Promise<string[]> {
  const { rows } = await db.allDocs();
  return rows.map(({ id }) => id);
}

const fresh = () => `bench-join-${databases++}`;

expose({
  async log(circle: string) {
    const name = fresh();
    const log = createPouchLog(Pouch, name, options);
    const { ms } = await timed(() => join(log, createRemote(urlOf(circle), send), undefined, async () => undefined));
    const db = new PouchDB<object>(name, options);
    const rows = await idsIn(db);
    await db.destroy();
    return { ms, rows };
  },

  async logAndTables(circle: string) {
    const name = fresh();
    const log = createPouchLog(Pouch, name, options);
    const model = openReadModel(`${name}-read`);
    const store = openDeviceStore(`${name}-device`);
    const copy = createCircleCopy({
      account: 'nobody',
      circle,
      log,
      model,
      store,
      url: urlOf(circle),
      fetch: send,
      now: () => Date.now(),
      era: () => '',
      news: {
        changed: () => undefined,
        unsentChanged: () => undefined,
        toSend: () => undefined,
        restored: async () => undefined,
        joining: () => undefined
      }
    });
    const { ms } = await timed(() => copy.pull());
    const listings = await model.listing.count();
    const db = new PouchDB<object>(name, options);
    const rows = await idsIn(db);
    await db.destroy();
    await Promise.all([model.delete(), store.delete()]);
    return { ms, rows, listings };
  },

  async plain(circle: string) {
    const db = new PouchDB<object>(fresh(), options);
    const { ms } = await timed(async () => {
      const answer = await send(`${urlOf(circle)}/_all_docs?include_docs=true`);
      const { rows } = (await answer.json()) as { rows: { doc: { _id: string; _rev: string } }[] };
      await db.bulkDocs(
        rows.map(({ doc }) => doc),
        { new_edits: false }
      );
    });
    const rows = await idsIn(db);
    await db.destroy();
    return { ms, rows };
  }
});

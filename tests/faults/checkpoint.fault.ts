import type { Page } from '@playwright/test';
import type { Neighbour } from '../neighbour.ts';
import { onShelf, publish } from '../journeys/acts.ts';
import { expect, saved, test, type Circle, type Phone } from '../journeys/journey.ts';
import { makeListing } from '#domain/listing/listing.ts';
import { expectSound } from './invariants.ts';
import { onDevice } from './on-device.ts';

/** Changes the rows of one of the app's tables behind its back; null deletes them. One that has none was not spoilt. */
async function tamper(
  page: Page,
  { database, table, change }: { database: RegExp; table: string; change: Record<string, unknown> | null }
): Promise<void> {
  const touched = await page.evaluate(
    async ({ pattern, table, change }) => {
      const name = (await indexedDB.databases()).find(({ name }) => new RegExp(pattern).test(name!))!.name!;
      const database = await new Promise<IDBDatabase>((done, fail) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
      });
      const transaction = database.transaction(table, 'readwrite');
      let touched = 0;
      transaction.objectStore(table).openCursor().onsuccess = ({ target }) => {
        const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
        if (!cursor) return;
        touched++;
        if (change) cursor.update({ ...cursor.value, ...change });
        else cursor.delete();
        cursor.continue();
      };
      await new Promise<void>((done, fail) => {
        transaction.oncomplete = () => done();
        transaction.onabort = () => fail(transaction.error);
      });
      database.close();
      return touched;
    },
    { pattern: database.source, table, change }
  );
  expect(touched, `rows of ${table}`).toBeGreaterThan(0);
}

/** The places up to which PouchDB replicated, as this device keeps them. */
const localNames = (page: Page, circle: string) =>
  page.evaluate(async (log) => {
    const name = (await indexedDB.databases()).find(({ name }) => name!.endsWith(`:log:${log}`))!.name!;
    const database = await new Promise<IDBDatabase>((done) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => done(request.result);
    });
    const keys = await new Promise<IDBValidKey[]>((done) => {
      const request = database.transaction('local-store').objectStore('local-store').getAllKeys();
      request.onsuccess = () => done(request.result);
    });
    database.close();
    return keys.map(String).filter((key) => key.startsWith('_local/') && key !== '_local/_pouch_dependentDbs');
  }, circle);

/** Where the hub's database stands. */
const seqOf = async (person: Neighbour, circle: Circle) =>
  (await person.call<{ last_seq: string }>('GET', `/db/${circle.id}/_changes?limit=0&descending=true`)).last_seq;

type Fault = {
  what: string;
  /** With no page of the app open, the hub holding one post that this device has not got. */
  spoil(page: Page, person: Neighbour, circle: Circle): Promise<void>;
};

const onFeeds = (change: Record<string, unknown> | null) => ({ database: /:device$/, table: 'feeds', change });
const onLocal = (circle: Circle, change: Record<string, unknown> | null) => ({
  database: new RegExp(`:log:${circle.id}$`),
  table: 'local-store',
  change
});

const faults: Fault[] = [
  {
    what: 'the device’s own place is lost',
    spoil: (page) => tamper(page, onFeeds(null))
  },
  {
    what: 'the device’s own place is forged, ahead of what it has',
    spoil: async (page, person, circle) =>
      tamper(page, onFeeds({ since: await seqOf(person, circle), handedBack: 1_000_000 }))
  },
  {
    what: 'the device’s own place is nothing that a hub ever said',
    spoil: (page) => tamper(page, onFeeds({ since: 'no place at all' }))
  },
  {
    what: 'PouchDB’s place on the device is lost',
    spoil: (page, _person, circle) => tamper(page, onLocal(circle, null))
  },
  {
    what: 'PouchDB’s place is forged on the device and on the hub, ahead of what the device has',
    async spoil(page, person, circle) {
      const ahead = await seqOf(person, circle);
      const session = { session_id: 'forged', last_seq: ahead };
      const forged = { ...session, history: [session], replicator: 'pouchdb', version: 1 };
      const names = await localNames(page, circle.id);
      expect(names.length).toBeGreaterThan(0);
      await tamper(page, onLocal(circle, forged));
      for (const name of names) {
        const path = `/db/${circle.id}/${name}`;
        const before = await person.call<object>('GET', path);
        await person.call('PUT', path, { ...before, ...forged });
      }
    }
  },
  {
    what: 'PouchDB’s place is forged on the hub to nothing that a database ever said',
    async spoil(page, person, circle) {
      const names = await localNames(page, circle.id);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const path = `/db/${circle.id}/${name}`;
        const before = await person.call<{ _rev: string }>('GET', path);
        await person.call('PUT', path, { _id: name, _rev: before._rev, last_seq: { no: 'place' } });
      }
    }
  }
];

/** The safety net has run to its end: PouchDB's own replication goes by its own place from here on. */
const settled = ({ page }: Phone, circle: Circle) =>
  expect
    .poll(
      async () => (await onDevice(page)).store['feeds']!.find((feed) => feed['circle'] === circle.id)?.['checkpoint'],
      {
        timeout: 60_000
      }
    )
    .toBe('set');

for (const { what, spoil } of faults) {
  test(`when ${what}, the device still comes to all there is, and sends what waits`, async ({
    neighbourhood,
    phoneOf
  }) => {
    const circle = await neighbourhood('lin', 'mei');
    const [lin, mei] = [circle.one('lin'), circle.one('mei')];
    const phone = await phoneOf(mei);
    const { page, context } = phone;
    await phone.open(`/c/${circle.id}`);
    await settled(phone, circle);
    await context.setOffline(true);
    await phone.open(`/c/${circle.id}/post`);
    const mine = await publish(page, 'Written meanwhile', 'free');
    const at = { author: lin.id, now: new Date().toISOString(), key: 'unseen' };
    const unseen = makeListing({ title: 'Never seen yet' }, at);
    await lin.save(circle.id, unseen);

    await page.goto('/manifest.webmanifest');
    await spoil(page, mei, circle);
    await context.setOffline(false);
    await phone.open(`/c/${circle.id}`);
    await expect(onShelf(page, 'Never seen yet')).toBeVisible({ timeout: 60_000 });
    await saved(page);
    await expectSound(circle, [[mei, phone]], { written: [mine, unseen._id] });
  });
}

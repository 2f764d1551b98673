import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allotmentId, type Allotment } from '#domain/allotment/allotment.ts';
import { listingId } from '#domain/listing/listing.ts';
import { startStore, type TestStore } from '../../tests/start-store.ts';
import { createBell } from './bell.ts';
import type { Database } from './couch-database.ts';
import { openHubKey, type HubKey } from './hub-key.ts';
import { createHubRecords, type HubRecords } from './hub-records.ts';
import { noteRestored, readReturned } from './notary/returned.ts';
import { createSerial } from './serial.ts';
import { createTakeBack, type Signed } from './take-back.ts';

const subject = listingId('lin', 'trousers');
const id = allotmentId(subject);

type Leaf = { ok: Signed & { _deleted?: true } };

describe('records of the hub that devices hand back after a restore', () => {
  let store: TestStore;
  let key: HubKey;
  let hub: Database;
  let device: Database;
  let records: HubRecords;
  let circles = 300;

  beforeAll(async () => {
    store = await startStore();
    key = await openHubKey(store.couch, () => 0);
  });
  afterAll(() => store.stop());
  beforeEach(async () => {
    circles += 1;
    hub = await store.couch.ensure(`c-${circles}`);
    device = await store.couch.ensure(`device-${circles}`);
    records = createHubRecords({ couch: store.couch, bell: createBell(), key, clock: () => 0 });
  });

  const takeBack = (...given: Signed[]) =>
    createTakeBack({ couch: store.couch, key, serial: createSerial() })(hub.name, given);
  const decide = (left: number, of = id) => records.put<Allotment>(hub.name, of, () => ({ subject, left, places: [] }));
  const leaves = async (where: Database): Promise<Signed[]> => {
    const response = await where.request('GET', [id], { query: { open_revs: 'all', revs: 'true' } });
    return ((await response.json()) as Leaf[]).flatMap(({ ok }) => (ok._deleted ? [] : [ok]));
  };
  const restore = async () => {
    await hub.destroy();
    await store.couch.ensure(hub.name);
  };
  /** One way, as a replication does. */
  const replicate = async (from: Database, to: Database) => {
    const response = await from.request('GET', [id], { query: { open_revs: 'all', revs: 'true' } });
    await to.bulkDocs(
      ((await response.json()) as Leaf[]).map(({ ok }) => ok),
      { newEdits: false }
    );
  };

  it('go on from where the hub was: no counter is used twice, and the history is one', async () => {
    await decide(5);
    await replicate(hub, device);
    const [backup] = await leaves(hub);
    await decide(4);
    await decide(3);
    await replicate(hub, device);
    await restore();
    await hub.bulkDocs([backup!], { newEdits: false });
    const [later] = await leaves(device);
    expect((await takeBack(later!)).rows).toEqual([{ id, ok: true, rev: later!._rev }]);
    expect(await decide(2)).toMatchObject({ counter: 4, left: 2 });
    await replicate(hub, device);
    expect(await leaves(device)).toMatchObject([{ counter: 4 }]);
  });

  it('of which the newest counts where one request has several states, in any order', async () => {
    await decide(5);
    const [one] = await leaves(hub);
    await decide(4);
    const [two] = await leaves(hub);
    await restore();
    const { rows } = await takeBack(one!, two!, one!);
    expect(rows.filter((row) => 'ok' in row)).toEqual([{ id, ok: true, rev: two!._rev }]);
    expect(await leaves(hub)).toMatchObject([{ left: 4 }]);
  });

  it('end on the device that comes late, where the hub has decided anew and is as far', async () => {
    await decide(5);
    await replicate(hub, device);
    await restore();
    await decide(1);
    const [late] = await leaves(device);
    expect((await takeBack(late!)).rows).toMatchObject([
      { error: 'forbidden', reason: expect.stringMatching(/^counter/) }
    ]);
    await replicate(hub, device);
    expect(await leaves(device)).toMatchObject([{ left: 1 }]);
    expect(await leaves(hub)).toMatchObject([{ left: 1 }]);
  });

  it('take the place of what the hub has decided anew where they are further, and say which claims that leaves open', async () => {
    await decide(5);
    await decide(4);
    await replicate(hub, device);
    await restore();
    const claim = `mei:claim:${subject}`;
    await records.put(hub.name, id, () => ({ subject, left: 1, places: [{ claim }] }));
    await noteRestored(hub);
    const [late] = await leaves(device);
    const { rows, again } = await takeBack(late!);
    expect([rows, again]).toEqual([[{ id, ok: true, rev: late!._rev }], [claim]]);
    expect(await readReturned(hub)).toMatchObject({ again: [claim] });
    expect(await leaves(hub)).toMatchObject([{ left: 4 }]);
    await replicate(hub, device);
    expect(await leaves(device)).toMatchObject([{ left: 4 }]);
  });

  it('are refused with a revision that no database could hold', async () => {
    await decide(5);
    const [record] = await leaves(hub);
    await restore();
    for (const wrong of [{ _rev: 'x', _revisions: undefined }, { _revisions: { start: 1, ids: ['a', 'b'] } }]) {
      const { rows } = await takeBack({ ...record!, ...wrong });
      expect(rows).toMatchObject([{ id, error: 'forbidden', reason: expect.stringMatching(/^invalid-field/) }]);
    }
    expect(await hub.get(id)).toBeNull();
  });
});

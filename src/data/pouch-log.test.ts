import { expect, test } from 'vitest';
import { createPouchLog, type PouchConstructor } from './pouch-log.ts';
import { circle, meOf } from './testing/devices.ts';
import { createFakeHub, type Weather } from './testing/fake-hub.ts';
import { freshName, memoryLog, Pouch } from './testing/memory-pouch.ts';

const gone = (name: string) => Object.assign(new Error('The database connection is closing.'), { name });

for (const fault of ['InvalidStateError', 'QuotaExceededError']) {
  test(`a connection that ends with ${fault} is replaced, and what comes next is kept`, async () => {
    let opened = 0;
    let isGone = false;
    const Breaking = function (name: string, options?: object) {
      const db = new Pouch(name, options);
      const put = db.put.bind(db);
      const isFirst = opened++ === 0;
      db.put = ((doc: { _id: string }) => (isGone && isFirst ? Promise.reject(gone(fault)) : put(doc))) as typeof put;
      return db;
    } as unknown as PouchConstructor;
    const log = createPouchLog(Breaking, freshName('breaking'), { adapter: 'memory' });
    await log.put({ _id: 'lin:comment:before' });
    isGone = true;
    await expect(log.put({ _id: 'lin:comment:lost' })).rejects.toThrow('closing');
    await log.put({ _id: 'lin:comment:after' });
    expect(await log.known(['lin:comment:before', 'lin:comment:lost', 'lin:comment:after'])).toEqual(
      new Set(['lin:comment:before', 'lin:comment:after'])
    );
    expect(opened).toBe(2);
    await log.destroy();
  });
}

/** A hub with one record, and a line that breaks at the first request whose path ends like this. */
async function brokenOnce(at: string) {
  const hub = createFakeHub();
  await hub.database(circle).put({ _id: 'lin:comment:hello' });
  let weather: Weather = 'fine';
  const send = hub.fetchFor(
    () => meOf('mei'),
    () => weather
  );
  let isBroken = false;
  const line: typeof fetch = (input, init) => {
    weather = !isBroken && new URL(String(input)).pathname.endsWith(at) ? 'lose-request' : 'fine';
    isBroken ||= weather === 'lose-request';
    return send(input, init);
  };
  return { hub, line, log: memoryLog(), url: `http://hub/db/${circle}` };
}

test('a replication whose first `_bulk_get` did not get through asks for all documents at once again', async () => {
  const { hub, line, log, url } = await brokenOnce('/_bulk_get');
  await expect(log.pull(url, line)).rejects.toMatchObject({ status: 0 });
  hub.requests.length = 0;
  await log.pull(url, line);
  expect(hub.requests).toContain(`POST /db/${circle}/_bulk_get`);
  expect(hub.requests.join()).not.toContain('lin:comment');
  expect(await log.known(['lin:comment:hello'])).toEqual(new Set(['lin:comment:hello']));
});

test('a replication asks but once where the hub stands, and says when that did not get through', async () => {
  const { hub, line, log, url } = await brokenOnce(`/${circle}/`);
  await expect(log.pull(url, line)).rejects.toThrow('Failed to fetch');
  hub.requests.length = 0;
  await log.pull(url, line);
  expect(hub.requests.filter((request) => request === `GET /db/${circle}/`)).toHaveLength(1);
});

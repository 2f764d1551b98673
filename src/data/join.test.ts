import { expect, test } from 'vitest';
import { circle, meOf, openTestDevice } from './testing/devices.ts';
import { createFakeHub } from './testing/fake-hub.ts';
import { pot } from './testing/records.ts';

test('joining notes where the hub stands before it reads, or a deletion in between would never be told', async () => {
  const hub = createFakeHub();
  await hub.database(circle).put(pot('hao', 'gone'));
  const { fetchFor } = hub;
  const mei = openTestDevice(
    {
      ...hub,
      fetchFor: (me, weather) => {
        const send = fetchFor(me, weather);
        return async (input, init) => {
          const answer = await send(input, init);
          if (!String(input).includes('descending=true')) return answer;
          const { _id, _rev } = await hub.database(circle).get('hao:listing:gone');
          await hub.database(circle).remove({ _id, _rev });
          return answer;
        };
      }
    },
    meOf('mei')
  );
  await mei.pullAll();
  await mei.pullAll();
  expect(await mei.model.listing.count()).toBe(0);
});

test('joining shows a shelf of the newest 200 after the first answer, however many there are', async () => {
  const hub = createFakeHub();
  const docs = Array.from({ length: 1_000 }, (_, n) => pot('lin', `p-${String(n).padStart(4, '0')}`));
  await hub.database(circle).bulkDocs(docs);
  let left = 2; // where the hub stands, and the newest page
  const mei = openTestDevice(hub, meOf('mei'), () => (left-- > 0 ? 'fine' : 'lose-request'));
  await mei.ring(circle);
  const shown = await mei.model.listing.toCollection().primaryKeys();
  expect(shown.map(([, id]) => id)).toEqual(docs.slice(-200).map(({ _id }) => _id));
});

test('joining brings the newest first, then all, and goes on where it was broken off', async () => {
  const hub = createFakeHub();
  const db = hub.database(circle);
  const docs = Array.from({ length: 2_600 }, (_, n) => pot('lin', `p-${String(n).padStart(4, '0')}`));
  await db.bulkDocs(docs);
  let left = 5;
  const mei = openTestDevice(hub, meOf('mei'), () => (left-- > 0 ? 'fine' : 'lose-request'));
  await mei.pullAll();
  const shown = await mei.model.listing.count();
  expect(shown).toBeGreaterThan(200);
  expect(shown).toBeLessThan(2_600);
  left = Infinity;
  await mei.pullAll();
  expect(await mei.model.listing.count()).toBe(2_600);
  await db.put(pot('lin', 'after'));
  await mei.ring(circle);
  expect(await mei.model.listing.count()).toBe(2_601);
}, 60_000);

import { expect, test } from 'vitest';
import { circle, meOf, openTestDevice, type TestDevice } from './testing/devices.ts';
import { createFakeHub } from './testing/fake-hub.ts';
import { pot } from './testing/records.ts';

test('an answer to the safety net that comes after the fast path has brought something newer leaves no branch', async () => {
  const hub = createFakeHub();
  const db = hub.database(circle);
  const id = 'lin:listing:late';
  let late = 0;
  const mei: TestDevice = openTestDevice(
    {
      ...hub,
      fetchFor: (me, weather) => {
        const send = hub.fetchFor(me, weather);
        return async (input, init) => {
          const url = String(input);
          // PouchDB's own questions, which the fast path asks otherwise.
          if (!url.includes(`/db/${circle}/`)) return send(input, init);
          if (late === 0 && url.includes('/_changes?') && !url.includes('include_docs')) {
            late = 1;
            await db.put(pot('lin', 'late'));
          }
          const answer = await send(input, init);
          if (late === 1 && url.includes('/_bulk_get')) {
            late = 2;
            await db.put({ ...(await db.get(id)), title: 'Larger pot' });
            await mei.ring(circle);
          }
          return answer;
        };
      }
    },
    meOf('mei')
  );
  await mei.pullAll();
  await mei.settleAll();
  expect(late).toBe(2);
  await mei.settleAll();
  expect(await mei.copyOf(circle).log.get(id)).not.toHaveProperty('_conflicts');
  expect((await mei.model.listing.get([circle, id]))?.record.title).toBe('Larger pot');
});

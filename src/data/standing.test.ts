import { expect, test } from 'vitest';
import { makeMember } from '#domain/member/member.ts';
import { circle, meOf, openTestDevice } from './testing/devices.ts';
import { createFakeHub } from './testing/fake-hub.ts';
import { now, pot } from './testing/records.ts';

test('a session that ended deletes nothing and sends nothing until the same person is back', async () => {
  const hub = createFakeHub();
  let person = 'lin';
  const me = meOf('lin');
  const lin = openTestDevice({ ...hub, fetchFor: (_me, weather) => hub.fetchFor(() => meOf(person), weather) }, me);
  await lin.write(circle, pot('lin'));
  await lin.sendAll();
  person = 'hao';
  await lin.refreshMe();
  expect(lin.heard).toContain('needs sign-in');
  await lin.write(circle, pot('lin', 'second'));
  expect(await lin.sendAll()).toBe(false);
  person = 'lin';
  await lin.resume(me);
  expect(await lin.sendAll()).toBe(true);
  expect(await lin.model.listing.count()).toBe(2);
});

test('a person introduces herself once in each circle, by the hub’s clock', async () => {
  const hub = createFakeHub();
  const phone = openTestDevice(hub, meOf('mei'));
  const laptop = openTestDevice(hub, meOf('mei'));
  await phone.introduce();
  expect(await phone.model.person.count()).toBe(0);
  await phone.pullAll();
  await phone.introduce();
  await phone.introduce();
  await phone.sendAll();
  await laptop.pullAll();
  await laptop.introduce();
  expect(await laptop.store.unsent.count()).toBe(0);
  expect(await laptop.model.person.toArray()).toMatchObject([{ author: 'mei', record: { name: 'mei' } }]);
});

test('a circle that one left stays as it was and is not asked for', async () => {
  const hub = createFakeHub();
  const me = meOf('mei');
  const member = makeMember({ person: 'mei', role: 'member', joinedAt: now }, { author: 'hub', now });
  await hub.database(circle).put(member as never);
  const mei = openTestDevice(hub, me);
  await mei.pullAll();
  mei.hear({ ...me, circles: me.circles.map((one) => ({ ...one, leftAt: now })) });
  hub.requests.length = 0;
  await mei.pullAll();
  expect(hub.requests.filter((request) => request.includes(circle))).toEqual([]);
  expect(await mei.model.member.count()).toBe(1);
});

test('what was not sent to a circle before one left it is kept for export, and waits for nothing', async () => {
  const hub = createFakeHub();
  const me = meOf('mei');
  const mei = openTestDevice(hub, me, () => 'lose-request');
  await mei.write(circle, pot('mei'));
  await expect.poll(() => mei.status()?.waiting).toBe(1);
  mei.hear({ ...me, circles: me.circles.map((one) => ({ ...one, leftAt: now })) });
  await mei.sendAll();
  await expect.poll(() => mei.status()?.waiting).toBe(0);
  expect(await mei.store.unsent.count()).toBe(1);
});

test('a circle that one comes back to is read, and gets what was written for it meanwhile', async () => {
  const hub = createFakeHub();
  const me = meOf('mei');
  let isOut = false;
  const left = { ...me, circles: me.circles.map((one) => ({ ...one, leftAt: now })) };
  const mei = openTestDevice(
    { ...hub, fetchFor: (_me, weather) => hub.fetchFor(() => (isOut ? left : me), weather) },
    me
  );
  await mei.pullAll();
  isOut = true;
  await mei.refreshMe();
  await mei.write(circle, pot('mei'));
  await hub.database(circle).put(pot('hao', 'new'));
  isOut = false;
  await mei.refreshMe();
  await expect.poll(() => mei.model.listing.count()).toBe(2);
  await expect
    .poll(() =>
      hub
        .database(circle)
        .get('mei:listing:pot')
        .catch(() => null)
    )
    .toMatchObject({ title: 'Pot' });
});

import { expect, test } from 'vitest';
import { makeAllotment } from '#domain/allotment/allotment.ts';
import { listingId } from '#domain/listing/listing.ts';
import type { Doc } from './log.ts';
import { converge } from './testing/convergence.ts';
import { circle, meOf, openTestDevice } from './testing/devices.ts';
import { createFakeHub } from './testing/fake-hub.ts';
import { given, now, pot, terms } from './testing/records.ts';

test('[S1] what one saves another sees after one ring', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  const mei = openTestDevice(hub, meOf('mei'));
  await mei.pullAll();
  await lin.write(circle, pot('lin'));
  await lin.sendAll();
  hub.requests.length = 0;
  await mei.ring(circle);
  expect(hub.requests).toEqual([`GET /db/${circle}/_changes`]);
  expect(await mei.model.listing.get([circle, listingId('lin', 'pot')])).toMatchObject({ shelfAt: expect.any(String) });
});

test('a second edit arrives with its history and leaves no conflict', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  const mei = openTestDevice(hub, meOf('mei'));
  await lin.write(circle, pot('lin'));
  await converge([lin, mei]);
  await lin.write(circle, pot('lin', 'pot', 'Big pot'));
  await lin.write(circle, pot('lin', 'pot', 'Bigger pot'));
  await converge([lin, mei]);
  const there = await mei.copyOf(circle).log.get('lin:listing:pot');
  expect(there).toMatchObject({ title: 'Bigger pot' });
  expect(there?._conflicts).toBeUndefined();
});

test('a record that may not stand is refused before it is saved, with its field', async () => {
  const lin = openTestDevice(createFakeHub(), meOf('lin'));
  const bad = { ...pot('lin'), quantity: 0 };
  await expect(lin.write(circle, bad)).rejects.toMatchObject({ code: 'invalid-field', field: 'quantity' });
  expect(await lin.store.unsent.count()).toBe(0);
});

test('[R13] what is addressed to one lives in her own database and on nobody else’s device', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  const mei = openTestDevice(hub, meOf('mei'));
  const word = {
    _id: 'lin:message:one',
    kind: 'message',
    v: 1,
    createdAt: now,
    updatedAt: now,
    to: ['hao'],
    circle,
    text: 'psst'
  };
  await lin.write('me', word);
  await converge([lin, mei]);
  expect(await lin.model.message.count()).toBe(1);
  expect(await mei.model.message.count()).toBe(0);
});

test('[R9] rows lost between log and tables are made good when the device opens', async () => {
  const hub = createFakeHub();
  let lin = openTestDevice(hub, meOf('lin'));
  await lin.write(circle, pot('lin'));
  await lin.copyOf(circle).log.put(pot('lin', 'unprojected'));
  lin = await lin.crash();
  await lin.projectAll();
  expect(await lin.model.listing.count()).toBe(2);
  await lin.model.delete({ disableAutoOpen: false });
  await lin.projectAll();
  expect(await lin.model.listing.count()).toBe(2);
});

test('[R6] an answer that gives more than there is, or lost what it had given, is found and kept beside the tables', async () => {
  const hub = createFakeHub();
  const mei = openTestDevice(hub, meOf('mei'));
  const subject = listingId('lin', 'pot');
  const db = hub.database(circle);
  const answer = async (takers: string[]) => {
    const body = {
      subject,
      left: 0,
      next: 3,
      terms: [terms],
      places: takers.map((who, at) => given(who, subject, at + 1))
    };
    const doc = makeAllotment(body, { author: 'hub', now }) as unknown as Doc;
    const before = await db.get(doc._id).catch(() => null);
    await db.put({ ...doc, _rev: before?._rev } as never);
    await mei.pullAll();
  };
  await answer(['mei']);
  expect(await mei.store.findings.count()).toBe(0);
  await answer([]);
  expect(await mei.store.findings.toArray()).toMatchObject([
    { circle, id: `hub:allotment:${subject}`, code: 'vanished' }
  ]);
  await answer(['mei', 'hao']);
  expect(await mei.store.findings.toArray()).toMatchObject([
    { circle, id: `hub:allotment:${subject}`, code: 'oversold' }
  ]);
  await mei.write(circle, pot('mei'));
  expect(await mei.store.findings.count()).toBe(1);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeAllotment } from '#domain/allotment/allotment.ts';
import { claimId, makeClaim } from '#domain/claim/claim.ts';
import { makeComment } from '#domain/comment/comment.ts';
import { listingId, makeListing } from '#domain/listing/listing.ts';
import { makeMember } from '#domain/member/member.ts';
import type { Doc } from './log.ts';
import { createFakeHub, type FakeHub, type Weather } from './testing/fake-hub.ts';
import { circle, meOf, openTestDevice, rowsOf, type TestDevice } from './testing/devices.ts';

const now = '2026-03-01T08:00:00.000Z';
const pot = (author: string, key = 'pot', title = 'Pot') =>
  makeListing({ title }, { author, key, now }) as unknown as Doc;
const claimOf = (author: string, subject: ReturnType<typeof listingId>, note?: string) =>
  makeClaim({ subject, note }, { author, now }) as unknown as Doc;

const terms = { terms: 1, price: null, quantity: 1, rule: 'first-come', at: now } as const;
const given = (who: string, subject: ReturnType<typeof listingId>, arrival: number) => ({
  claim: claimId(who, subject),
  quantity: 1,
  arrival,
  state: 'given' as const,
  why: { code: 'in-order' as const, rule: 'first-come' as const, arrival, ahead: arrival - 1 }
});

/** Everybody sends and asks until nothing is left to do. */
async function converge(devices: TestDevice[]): Promise<void> {
  for (let round = 0; round < 3; round++) {
    for (const device of devices) {
      await device.sendAll();
      await device.pullAll();
      await device.sendAll();
    }
  }
}

async function expectEqual(devices: TestDevice[]): Promise<void> {
  const [first, ...others] = await Promise.all(devices.map((device) => rowsOf(device)));
  for (const other of others) expect(other).toEqual(first);
}

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
  expect(await mei.model.listing.get([circle, listingId('lin', 'pot')])).toMatchObject({ onShelf: 1 });
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

test('what is written offline waits, is counted, and goes out once', async () => {
  const hub = createFakeHub();
  let weather: Weather = 'lose-request';
  const lin = openTestDevice(hub, meOf('lin'), () => weather);
  await lin.write(circle, pot('lin'));
  expect(await lin.sendAll()).toBe(false);
  await lin.tellStatus();
  expect(lin.status()).toMatchObject({ waiting: 1, offlineSince: expect.any(Number) });
  weather = 'fine';
  expect(await lin.sendAll()).toBe(true);
  await lin.tellStatus();
  expect(lin.status()).toMatchObject({ waiting: 0, offlineSince: null });
  expect((await hub.database(circle).info()).doc_count).toBe(1);
});

test('without a line nothing is an error that anybody must hear of', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'), () => 'lose-request');
  await lin.refreshMe();
  await lin.pictures.add(circle, 'a'.repeat(64), new Blob(['jpeg']));
  expect(await lin.sendAll()).toBe(false);
  expect(await lin.settleAll()).toBe(false);
});

test('the line is lost at once when the browser says so, and there again with the first answer', async () => {
  const lin = openTestDevice(createFakeHub(), meOf('lin'));
  lin.lineLost();
  await lin.tellStatus();
  expect(lin.status()).toMatchObject({ offlineSince: expect.any(Number) });
  await lin.pullAll();
  await lin.tellStatus();
  expect(lin.status()).toMatchObject({ offlineSince: null });
});

test('a phone three days ahead or behind keeps the hub’s time, also when opened again without a line', async () => {
  for (const wrong of ['2026-03-04T08:00:00Z', '2026-02-26T08:00:00Z']) {
    const hub = createFakeHub();
    hub.setClock(now);
    let weather: Weather = 'fine';
    let lin = openTestDevice(
      hub,
      meOf('lin'),
      () => weather,
      undefined,
      () => Date.parse(wrong)
    );
    await lin.open();
    await lin.refreshMe();
    expect(new Date(lin.hubNow()).toISOString()).toBe(now);
    weather = 'lose-request';
    lin = await lin.crash();
    await lin.open();
    expect(new Date(lin.hubNow()).toISOString()).toBe(now);
    await lin.tellStatus();
    expect(lin.status()?.clockOffsetMs).toBe(Date.parse(now) - Date.parse(wrong));
  }
});

test('what did not get through either way is told, so that it is tried again before the safety net comes by', async () => {
  const hub = createFakeHub();
  let weather: Weather = 'lose-request';
  const lin = openTestDevice(hub, meOf('lin'), () => weather);
  await lin.write(circle, pot('lin'));
  await expect.poll(() => lin.heard).toContain('failed');
  for (const bad of ['lose-answer', 'cut', 'error-500'] as const) {
    weather = bad;
    lin.heard.length = 0;
    await lin.ring(circle);
    expect(lin.heard).toEqual(['failed']);
  }
  await lin.refreshMe();
  expect(lin.heard).toEqual(['failed', 'failed']);
  weather = 'fine';
  hub.requests.length = 0;
  await lin.refreshMissedMe();
  await lin.refreshMissedMe();
  expect(hub.requests).toEqual(['GET /api/me']);
});

test('[R10] what a device merged goes out by itself', async () => {
  const hub = createFakeHub();
  const phone = openTestDevice(hub, meOf('lin'));
  const laptop = openTestDevice(hub, meOf('lin'));
  await phone.write(circle, pot('lin', 'pot', 'Pot'));
  await phone.sendAll();
  await laptop.write(circle, { ...pot('lin', 'pot', 'Big pot'), updatedAt: '2026-03-01T09:00:00.000Z' });
  await laptop.sendAll();
  await laptop.pullAll();
  const branches = async () => (await hub.database(circle).get('lin:listing:pot', { conflicts: true }))._conflicts;
  await expect.poll(branches).toBeUndefined();
  await expect.poll(() => laptop.store.unsent.count()).toBe(0);
});

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

test('an answer lost after the commit leaves one record, sent', async () => {
  const hub = createFakeHub();
  let weather: Weather = 'lose-answer';
  const lin = openTestDevice(hub, meOf('lin'), () => weather);
  await lin.write(circle, pot('lin'));
  await lin.sendAll();
  weather = 'fine';
  await lin.sendAll();
  expect(await lin.store.unsent.count()).toBe(0);
  expect(await hub.database(circle).get('lin:listing:pot', { conflicts: true })).not.toHaveProperty('_conflicts');
});

test('a refused row keeps its words and its reason, and the rest of the batch goes out', async () => {
  const hub = createFakeHub();
  const zhou = openTestDevice(hub, meOf('zhou'));
  // Past the device's own check, as a rule would that only the hub knows.
  await zhou.copyOf(circle).save({ ...pot('lin', 'fake', 'Not mine') });
  await zhou.write(circle, pot('zhou', 'real', 'Mine'));
  await zhou.sendAll();
  await zhou.tellStatus();
  expect(zhou.status()).toMatchObject({ waiting: 0, refused: 1 });
  expect(await zhou.store.refused.toArray()).toMatchObject([
    { id: 'lin:listing:fake', code: 'not-yours', record: { title: 'Not mine' } }
  ]);
  expect(await hub.database(circle).get('zhou:listing:real')).toMatchObject({ title: 'Mine' });
});

test('a record that may not stand is refused before it is saved, with its field', async () => {
  const lin = openTestDevice(createFakeHub(), meOf('lin'));
  const bad = { ...pot('lin'), quantity: 0 };
  await expect(lin.write(circle, bad)).rejects.toMatchObject({ code: 'invalid-field', field: 'quantity' });
  expect(await lin.store.unsent.count()).toBe(0);
});

test('[R10] ticks set on two phones of one person are both kept, and no branch stays open', async () => {
  const hub = createFakeHub();
  const phone = openTestDevice(hub, meOf('mei'));
  const laptop = openTestDevice(hub, meOf('mei'));
  const claim = claimOf('mei', listingId('lin', 'pot'));
  await phone.write(circle, claim);
  await converge([phone, laptop]);
  await phone.write(circle, { ...claim, paid: { how: 'cash', at: now }, updatedAt: '2026-03-01T09:00:00.000Z' });
  await laptop.copyOf(circle).save({ ...claim, receivedAt: now, updatedAt: '2026-03-01T09:30:00.000Z' });
  await converge([phone, laptop]);
  await expectEqual([phone, laptop]);
  const merged = await hub.database(circle).get(String(claim._id), { conflicts: true });
  expect(merged).toMatchObject({ paid: { how: 'cash' }, receivedAt: now });
  expect(merged).not.toHaveProperty('_conflicts');
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

test('[R10] what two phones of one person wrote before either had joined comes together', async () => {
  const hub = createFakeHub();
  const phone = openTestDevice(hub, meOf('lin'));
  const laptop = openTestDevice(hub, meOf('lin'));
  await phone.write(circle, pot('lin', 'pot', 'Pot'));
  await laptop.write(circle, { ...pot('lin', 'pot', 'Big pot'), updatedAt: '2026-03-01T09:00:00.000Z' });
  await converge([phone, laptop]);
  await expectEqual([phone, laptop]);
  expect(await phone.model.listing.toArray()).toMatchObject([{ record: { title: 'Big pot' } }]);
  expect(await hub.database(circle).get('lin:listing:pot', { conflicts: true })).not.toHaveProperty('_conflicts');
});

test('[R10] branches that a crash left unmerged are merged by the safety net', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  const branch = (letter: string, title: string) => ({ ...pot('lin', 'pot', title), _rev: `1-${letter.repeat(32)}` });
  await lin.copyOf(circle).log.take([branch('a', 'Pot'), branch('b', 'Pan')]);
  const { last } = await lin.copyOf(circle).log.changes(0, 10);
  await lin.model.projected.put({ circle, seq: last, version: 1 });
  await lin.settleAll();
  expect((await lin.copyOf(circle).log.get('lin:listing:pot'))?._conflicts).toBeUndefined();
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

test('a record that no note says is unsent is still handed to the hub', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  await lin.copyOf(circle).log.put(pot('lin'));
  await lin.settleAll();
  expect(await hub.database(circle).get('lin:listing:pot')).toMatchObject({ title: 'Pot' });
});

test('a place that is ahead of its rows is made good by the safety net', async () => {
  const hub = createFakeHub();
  const mei = openTestDevice(hub, meOf('mei'));
  await mei.settleAll();
  await hub.database(circle).bulkDocs([pot('lin', 'one'), pot('lin', 'two')]);
  await mei.store.feeds.update(circle, { since: '2' });
  await mei.pullAll();
  expect(await mei.model.listing.count()).toBe(0);
  await mei.settleAll();
  expect(await mei.model.listing.count()).toBe(2);
});

test('a lost place costs a second reading and changes nothing', async () => {
  const hub = createFakeHub();
  const mei = openTestDevice(hub, meOf('mei'));
  await hub.database(circle).bulkDocs([pot('lin', 'one'), pot('lin', 'two')]);
  await mei.settleAll();
  const before = await rowsOf(mei);
  await mei.store.feeds.clear();
  await mei.settleAll();
  expect(await rowsOf(mei)).toEqual(before);
});

test('a hub restored from a backup gets back what its members still have', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  await lin.refreshMe();
  await lin.write(circle, pot('lin', 'kept'));
  await lin.write(circle, pot('lin', 'lost'));
  await lin.settleAll();
  hub.forget(circle);
  hub.restored();
  await lin.refreshMe();
  expect(await hub.database(circle).get('lin:listing:lost')).toMatchObject({ title: 'Pot' });
  expect(await hub.database(circle).get('lin:listing:kept')).toMatchObject({ title: 'Pot' });
});

test('a restored hub gets back its own signed records too, is told when that was all, and only then is it read', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  const allotment = {
    ...makeAllotment(
      { subject: listingId('lin', 'pot'), left: 0, next: 2, terms: [terms], places: [] },
      { author: 'hub', now }
    ),
    counter: 3,
    signature: 'by the hub'
  };
  await hub.database(circle).put(allotment);
  await hub.database(circle).put({ ...allotment, _id: 'hub:allotment:lin:listing:pan', signature: undefined });
  await lin.write(circle, pot('lin'));
  await lin.settleAll();
  hub.forget(circle);
  hub.restored();
  hub.requests.length = 0;
  await lin.refreshMe();
  expect(await hub.database(circle).get(allotment._id)).toMatchObject({ counter: 3 });
  const after = hub.requests.filter((request) => request.includes(circle)).map((request) => request.split('/').at(-1));
  expect(after.slice(0, 5)).toEqual(['_revs_diff', 'returned', '_revs_diff', '_bulk_docs', 'returned']);
  expect(after.indexOf('_changes')).toBeGreaterThan(4);
});

test('a device that is cut off or dies while it hands back does it once more', async () => {
  const hub = createFakeHub();
  let left = Infinity;
  const weather = (): Weather => (left-- > 0 ? 'fine' : 'lose-request');
  const lin = openTestDevice(hub, meOf('lin'), weather);
  await lin.write(circle, pot('lin'));
  await lin.settleAll();
  hub.forget(circle);
  hub.restored();
  left = 4; // /api/me, and the first words about `me`
  await lin.refreshMe();
  expect(lin.me().era).toBe('two');
  left = 1;
  const again = await lin.crash();
  await again.refreshMe();
  left = Infinity;
  await again.pullAll();
  expect(await hub.database(circle).get('lin:listing:pot')).toMatchObject({ title: 'Pot' });
  expect(hub.requests.filter((request) => request.endsWith(`${circle}/returned`))).toHaveLength(1);
  await again.pullAll();
  expect(hub.requests.filter((request) => request.endsWith(`${circle}/returned`))).toHaveLength(1);
});

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

const people = ['lin', 'mei', 'hao'] as const;
type Act = { who: number; what: 'post' | 'claim' | 'comment' | 'edit' | 'sync' | 'crash'; weather: Weather };
const acts = fc.array(
  fc.record({
    who: fc.nat(3),
    what: fc.constantFrom('post', 'claim', 'comment', 'edit', 'sync', 'sync', 'crash'),
    weather: fc.constantFrom('fine', 'fine', 'lose-request', 'lose-answer', 'cut', 'error-500')
  }) as fc.Arbitrary<Act>,
  { minLength: 8, maxLength: 24 }
);

test('devices with bad lines and crashes converge: nothing lost, nothing twice, no branch open', async () => {
  await fc.assert(fc.asyncProperty(acts, runAct), { numRuns: 20 });
}, 120_000);

async function runAct(all: Act[]): Promise<void> {
  const hub = createFakeHub();
  let weather: Weather = 'fine';
  // Two of the four are phones of one person.
  const owners = [...people, 'lin'];
  const devices = owners.map((who) => openTestDevice(hub, meOf(who), () => weather));
  const written = new Set<string>();
  for (const [turn, act] of all.entries()) {
    weather = act.weather;
    await play(devices, owners, act, turn, written);
  }
  weather = 'fine';
  await converge(devices);
  for (const device of devices) await device.settleAll();
  await converge(devices);
  await expectEqual(devices);
  await expectWhole(hub, written);
  for (const device of devices) await device.close();
}

async function play(devices: TestDevice[], owners: string[], act: Act, turn: number, written: Set<string>) {
  const device = devices[act.who]!;
  const author = owners[act.who]!;
  const at = new Date(Date.parse(now) + turn * 1_000).toISOString();
  const save = async (doc: Doc) => {
    await device.write(circle, { ...doc, updatedAt: at });
    written.add(doc._id);
  };
  const subject = listingId(people[turn % 3]!, 'edited');
  if (act.what === 'post') await save(pot(author, `n-${turn}`));
  else if (act.what === 'edit') await save(pot(author, 'edited', `Pot ${turn}`));
  else if (act.what === 'claim') await save(claimOf(author, subject, `turn ${turn}`));
  else if (act.what === 'comment')
    await save(makeComment({ subject, text: 'Hm' }, { author, key: `n-${turn}`, now: at }) as unknown as Doc);
  else if (act.what === 'crash') devices[act.who] = await device.crash();
  else {
    await device.sendAll();
    await device.pullAll();
  }
}

async function expectWhole(hub: FakeHub, written: Set<string>): Promise<void> {
  const { rows } = await hub.database(circle).allDocs({ include_docs: true, conflicts: true });
  expect(new Set(rows.map((row) => row.id))).toEqual(written);
  for (const row of rows) expect(row.doc).not.toHaveProperty('_conflicts');
}

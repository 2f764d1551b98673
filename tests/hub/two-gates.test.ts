import { afterAll, beforeAll, expect, it } from 'vitest';
import { allotmentId, type Allotment } from '#domain/allotment/allotment.ts';
import { claimId, makeClaim } from '#domain/claim/claim.ts';
import { deliveredId, type Delivered } from '#domain/delivered/delivered.ts';
import { makeListing } from '#domain/listing/listing.ts';
import { makeMessage } from '#domain/message/message.ts';
import { createDoorbells } from '../doorbells.ts';
import { inviteTo, moveIn, signUp, through, type Person } from '../people.ts';
import { isOf } from '../read-doorbell.ts';
import { onEveryBackend, startHub, type TestHub } from '../start-hub.ts';
import type { TestStore } from '../start-store.ts';
import { until } from '../until.ts';

const now = () => new Date().toISOString();

onEveryBackend('two gates and one notary on one database', (startStore) => {
  let store: TestStore;
  let notary: TestHub;
  let gateOnly: TestHub;
  let circle: string;
  let lin: Person;
  let mei: Person;
  let fang: Person;
  const openDoorbell = createDoorbells();

  beforeAll(async () => {
    store = await startStore();
    notary = await startHub(store, { couchUrl: store.url });
    const household = await moveIn(notary.url, { setup: notary.setup, names: ['Lin', 'Mei', 'Fang'] });
    circle = household.circle;
    [lin, mei, fang] = household.people;
    gateOnly = await startHub(store, { notary: false, couchUrl: store.url });
  });
  afterAll(async () => {
    await gateOnly.stop();
    await notary.stop();
    await store.stop();
  });

  /** A device that reads on where it stands whenever it is rung for, and never otherwise. */
  const readsWhenRung = async (hub: TestHub, person: Person) => {
    const doorbell = await openDoorbell(hub.url, person);
    const { call } = through(hub.url, person);
    const seen = new Set<string>();
    let heard = doorbell.heard.length;
    let since = (await call('GET', `/db/${circle}/_changes?since=now`)).body['last_seq'] as string;
    return {
      async sees(id: string) {
        while (!seen.has(id)) {
          await doorbell.next((event) => isOf(circle)(event) && doorbell.heard.indexOf(event) >= heard);
          heard = doorbell.heard.length;
          const { body } = await call('GET', `/db/${circle}/_changes?since=${encodeURIComponent(since)}`);
          since = body['last_seq'] as string;
          for (const one of body['results'] as { id: string }[]) seen.add(one.id);
        }
      }
    };
  };

  it('ring, at either, until what was written at either can be read', { timeout: 60_000 }, async () => {
    const devices = [await readsWhenRung(notary, mei), await readsWhenRung(gateOnly, fang)];
    for (let round = 0; round < 10; round++) {
      const thing = makeListing({ title: `Thing ${round}` }, { author: lin.id, now: now(), key: `rung-${round}` });
      await through(round % 2 ? notary.url : gateOnly.url, lin).write(circle, thing);
      await Promise.all(devices.map((device) => device.sees(thing._id)));
    }
  });

  it('[S3] give the last thing once, to the claim that was acknowledged first', { timeout: 60_000 }, async () => {
    const things = Array.from({ length: 40 }, (_, n) =>
      makeListing({ title: `The last portion ${n}` }, { author: lin.id, now: now(), key: `last-${n}` })
    );
    await lin.write(circle, ...things);
    const meiHere = mei;
    const fangThere = through(gateOnly.url, fang);
    const firstOf = new Map<string, string | null>();
    for (const [n, { _id: subject }] of things.entries()) {
      const claims = [meiHere, fangThere].map(
        (person) => () => person.write(circle, makeClaim({ subject }, { author: person.id, now: now() }))
      );
      const atOnce = n % 4 === 0;
      const order = n % 2 ? claims : claims.toReversed();
      if (atOnce) await Promise.all(order.map((claim) => claim()));
      else for (const claim of order) await claim();
      firstOf.set(subject, atOnce ? null : n % 2 ? mei.id : fang.id);
    }
    for (const { _id: subject } of things) {
      const { left, places } = await until('both claims are answered', async () => {
        const allotment = await fangThere.read<Allotment>(circle, allotmentId(subject));
        return allotment?.places.length === 2 && allotment;
      });
      expect([left, ...places.map(({ state, arrival }) => [state, arrival])]).toEqual([
        0,
        ['given', 1],
        ['waiting', 2]
      ]);
      const first = firstOf.get(subject);
      if (first) expect(places[0]!.claim).toBe(claimId(first, subject));
      expect(await mei.read(circle, allotmentId(subject))).toMatchObject({ places });
    }
  });

  it('[R13] deliver a private word that was written at the gate without a notary', async () => {
    const doorbell = await openDoorbell(gateOnly.url, mei);
    const ring = doorbell.nextNew(isOf('me'));
    const word = makeMessage(
      { to: [mei.id], circle, text: 'At the gate at six?' },
      { author: lin.id, now: now(), key: 'word' }
    );
    await through(gateOnly.url, lin).write('me', word);
    await ring;
    const copy = await until('the word is with Mei', () =>
      through(gateOnly.url, mei).read<Delivered>('me', deliveredId(word._id))
    );
    expect(copy).toMatchObject({ from: lin.id, record: { text: 'At the gate at six?' } });
  });

  it('[S15] cut a removed member off at the other gate within five seconds', async () => {
    const zhou = await signUp(notary.url, 'Zhou', { invite: await inviteTo(lin, circle) });
    const zhouThere = through(gateOnly.url, zhou);
    expect((await zhouThere.call('GET', `/db/${circle}/_changes?limit=1`)).status).toBe(200);
    const longpoll = `${gateOnly.url}/db/${circle}/_changes?feed=longpoll&since=now&heartbeat=1000`;
    const waiting = await fetch(longpoll, { headers: { cookie: zhou.cookie } });
    const cut = waiting.text().then(
      (text) => text,
      () => 'cut'
    );
    const before = performance.now();
    await lin.call('DELETE', `/api/circles/${circle}/members/${zhou.id}`);
    await cut;
    // What he reads at that very moment may be cut off in its middle.
    await until('the other gate knows him no more', () =>
      zhouThere.call('GET', `/db/${circle}/_changes?limit=1`).then(
        ({ status }) => status === 404,
        () => false
      )
    );
    expect(performance.now() - before).toBeLessThan(5_000);
    const late = makeListing({ title: 'After he left' }, { author: zhou.id, now: now(), key: 'late' });
    expect((await zhouThere.call('POST', `/db/${circle}/_bulk_docs`, { docs: [late] })).status).toBe(404);
    expect(await lin.read(circle, late._id)).toBeNull();
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { allotmentId, type Allotment } from '#domain/allotment/allotment.ts';
import { claimId, makeClaim, type Claim } from '#domain/claim/claim.ts';
import { handoverId, makeHandover, type Handover } from '#domain/handover/handover.ts';
import { makeListing, type Listing } from '#domain/listing/listing.ts';
import { listingView } from '#domain/listing/listing-view.ts';
import { emptyLog, moveIn, type Log, type Person } from '../people.ts';
import { seeded } from '../seeded.ts';
import { onEveryBackend, startHub, type TestHub } from '../start-hub.ts';
import type { TestStore } from '../start-store.ts';
import { until } from '../until.ts';

const now = () => new Date().toISOString();

/** Who comes back first, and whether at once; SEED gives an order again that failed. */
const seed = Number(process.env['SEED'] ?? Date.now());

onEveryBackend('the main job, with plain PouchDB', (startStore) => {
  let store: TestStore;
  let hub: TestHub;
  let circle: string;
  let lin: Person;
  let mei: Person;
  let fang: Person;

  beforeAll(async () => {
    store = await startStore();
    hub = await startHub(store);
    const household = await moveIn(hub.url, { setup: hub.setup, names: ['Lin', 'Mei', 'Fang'] });
    circle = household.circle;
    [lin, mei, fang] = household.people;
  });
  afterAll(async () => {
    await hub.stop();
    await store.stop();
  });

  const answered = (offer: string, claims: number) =>
    until('the hub has answered', async () => {
      const allotment = await lin.read<Allotment>(circle, allotmentId(offer));
      return allotment?.places.length === claims && allotment;
    });

  it('[S1] a thing posted offline is seen, claimed, given, handed over and gone, and both phones agree', async () => {
    const [linsLog, meisLog] = [emptyLog(), emptyLog()];
    const meet = async (person: Person, log: Log) => {
      const { push, pull } = await log.sync(person.remote(circle));
      expect([push?.errors, pull?.errors, push?.doc_write_failures]).toEqual([[], [], 0]);
    };
    const thing = makeListing(
      {
        title: 'Size-S trousers',
        text: 'Never worn',
        condition: 'unworn',
        price: { amountMinor: 5_000, currency: 'CNY' }
      },
      { author: lin.id, now: now(), key: 'trousers' }
    );
    const claim = claimId(mei.id, thing._id);
    const view = async (log: Log, me: Person) =>
      listingView({
        listing: (await log.get(thing._id)) as Listing,
        allotment: (await log.get(allotmentId(thing._id)).catch(() => null)) as Allotment | null,
        claims: [(await log.get(claim)) as Claim],
        picks: [],
        handovers: [await log.get(handoverId(lin.id, claim)).catch(() => null)].filter(
          (one) => one !== null
        ) as Handover[],
        hides: [],
        me: me.id
      });

    await linsLog.put(thing);
    await meet(lin, linsLog);
    await meet(mei, meisLog);
    await meisLog.put(makeClaim({ subject: thing._id }, { author: mei.id, now: now() }));
    expect(await view(meisLog, mei)).toMatchObject({ mine: 'asked', state: 'available' });

    await meet(mei, meisLog);
    await answered(thing._id, 1);
    await meet(mei, meisLog);
    await meet(lin, linsLog);
    expect(await view(meisLog, mei)).toMatchObject({ mine: 'given', state: 'reserved', left: 0 });
    expect((await view(linsLog, lin)).places).toMatchObject([{ person: mei.id, state: 'given' }]);

    await linsLog.put(
      makeHandover({ subject: claim, handedOverAt: now(), paidAt: now() }, { author: lin.id, now: now() })
    );
    const paid = { how: 'transfer', at: now() } as const;
    await meisLog.put({ ...((await meisLog.get(claim)) as Claim), paid, receivedAt: now() });
    for (const [person, log] of [
      [lin, linsLog],
      [mei, meisLog],
      [lin, linsLog]
    ] as const)
      await meet(person, log);
    for (const [person, log] of [
      [lin, linsLog],
      [mei, meisLog]
    ] as const) {
      const seen = await view(log, person);
      expect(seen).toMatchObject({ state: 'gone', onShelf: false });
      expect(seen.places[0]).toMatchObject({ paid, handedOverAt: expect.any(String), receivedAt: expect.any(String) });
    }
  });

  it(
    `[S3] two offline claims for the last thing leave one winner, a hundred times in random order (seed ${seed})`,
    { timeout: 90_000 },
    async () => {
      const things = Array.from({ length: 100 }, (_, n) =>
        makeListing({ title: `The last portion ${n}` }, { author: lin.id, now: now(), key: `last-${n}` })
      );
      await lin.write(circle, ...things);
      const devices = await Promise.all(
        [mei, fang].map(async (person) => {
          const log = emptyLog();
          const remote = person.remote(circle);
          await log.replicate.from(remote);
          await log.bulkDocs(things.map(({ _id }) => makeClaim({ subject: _id }, { author: person.id, now: now() })));
          const comesBackFor = async (thing: string) => {
            const { docs_written } = await log.replicate.to(remote, { doc_ids: [claimId(person.id, thing)] });
            expect(docs_written).toBe(1);
          };
          return { person, log, remote, comesBackFor };
        })
      );
      const random = seeded(seed);
      const firstOf = new Map<string, string | null>();
      for (const { _id } of things) {
        const [one, other] = random() < 0.5 ? devices : devices.toReversed();
        const atOnce = random() < 0.3;
        if (atOnce) await Promise.all([one!.comesBackFor(_id), other!.comesBackFor(_id)]);
        else {
          await one!.comesBackFor(_id);
          await other!.comesBackFor(_id);
        }
        firstOf.set(_id, atOnce ? null : one!.person.id);
      }
      for (const { _id } of things) await answered(_id, 2);

      const allotments = await Promise.all(
        devices.map(async ({ log, remote }) => {
          await log.replicate.from(remote);
          const { rows } = await log.allDocs<Allotment>({
            keys: things.map(({ _id }) => allotmentId(_id)),
            include_docs: true
          });
          return rows.map((row) => ('doc' in row ? row.doc! : null)!);
        })
      );
      expect(allotments[0]).toEqual(allotments[1]);
      for (const { subject, left, places } of allotments[0]!) {
        expect(left).toBe(0);
        expect(places.map(({ state, quantity, place }) => [state, quantity, place])).toEqual([
          ['given', 1, undefined],
          ['waiting', 1, 1]
        ]);
        expect(places[1]!.why).toMatchObject({ code: 'queued', rule: 'first-come', arrival: 2, ahead: 1 });
        const first = firstOf.get(subject);
        if (first) expect(places[0]!.claim).toBe(claimId(first, subject));
      }
    }
  );
});

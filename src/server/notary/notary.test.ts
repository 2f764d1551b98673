import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { allotmentId, type Allotment } from '#domain/allotment/allotment.ts';
import { claimId, makeClaim } from '#domain/claim/claim.ts';
import { listingId, makeListing, type Listing } from '#domain/listing/listing.ts';
import { makeMember, memberId } from '#domain/member/member.ts';
import { hubTime, type HubTime } from '../../../tests/hub-time.ts';
import { startStore, type TestStore } from '../../../tests/start-store.ts';
import { createBell, type Bell } from '../bell.ts';
import { connectCouch, type Couch } from '../couch.ts';
import type { Database } from '../couch-database.ts';
import { openHubKey, type HubKey } from '../hub-key.ts';
import { createHubRecords } from '../hub-records.ts';
import { startNotary, type Notary } from './notary.ts';
import { noteRestored, noteReturned } from './returned.ts';

const now = '2026-03-01T08:00:00.000Z';
const trousers = listingId('lin', 'trousers');
const hour = 3_600_000;

describe('the notary', () => {
  let store: TestStore;
  let key: HubKey;
  let circle: Database;
  let bell: Bell;
  let time: HubTime;
  let notary: Notary | null;
  let circles = 0;

  beforeAll(async () => {
    store = await startStore();
    key = await openHubKey(store.couch, () => 0);
  });
  afterAll(() => store.stop());
  beforeEach(async () => {
    circle = await store.couch.ensure(`c-${300 + circles++}`);
    bell = createBell();
    time = hubTime();
    notary = null;
  });
  afterEach(() => notary?.stop());

  const start = ({ couch = store.couch, restored = false }: { couch?: Couch; restored?: boolean } = {}) => {
    const hubRecords = createHubRecords({ couch, bell, key, clock: time.clock });
    const { clock, timers } = time;
    notary = startNotary({ couch, bell, hubRecords, clock, timers, log: { error() {} }, restored });
    return notary;
  };

  const startOn = (couch: Couch) => start({ couch });

  const write = async (...docs: { _id: string }[]) => {
    for (const doc of docs) {
      const before = await circle.get<{ _rev: string }>(doc._id);
      await circle.put({ ...doc, ...(before && { _rev: before._rev }) });
    }
    bell.ring({ circle: circle.name.slice(2), ids: docs.map(({ _id }) => _id) });
  };

  const post = (body: Partial<Listing> = {}, key = 'trousers') =>
    makeListing({ title: 'Size-S trousers', ...body }, { author: 'lin', now, key });
  const claim = (person: string, body: object = {}) =>
    makeClaim({ subject: trousers, ...body }, { author: person, now });
  const answer = async (offer = trousers) => {
    await notary!.settled();
    return (await circle.get<Allotment>(allotmentId(offer)))!;
  };
  const states = ({ places }: Allotment) =>
    places.map(({ claim, state, arrival, why }) => `${claim.split(':')[0]} ${arrival} ${state} ${why.code}`);

  it('[S3] gives the last thing to whom the database took first and says the other why she waits', async () => {
    start();
    await write(post(), claim('mei'), claim('fang'));
    const allotment = await answer();
    expect(states(allotment)).toEqual(['mei 1 given in-order', 'fang 2 waiting queued']);
    expect(allotment.left).toBe(0);
    expect(key.verify(allotment, circle.name)).toBe(true);
  });

  it('[R6] waits for the copies of a cluster to agree before it settles what one of them told of', async () => {
    let late = ['fang'];
    const couch = connectCouch({
      url: store.url,
      prefix: store.prefix,
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (!String(input).includes('/_all_docs')) return response;
        const { rows, ...rest } = (await response.json()) as { rows: { key: string }[] };
        const [missing] = late.filter((person) => rows.some(({ key }) => key === claimId(person, trousers)));
        late = late.filter((person) => person !== missing);
        const hidden = missing && claimId(missing, trousers);
        return Response.json({
          ...rest,
          rows: rows.map((row) => (row.key === hidden ? { key: hidden, error: 'not_found' } : row))
        });
      }
    });
    startOn(couch);
    await write(post(), claim('mei'), claim('fang'));
    expect(states(await answer())).toEqual(['mei 1 given in-order', 'fang 2 waiting queued']);
    expect(late).toEqual([]);
  });

  it('[R6] settles what came while it was down, in the order in which it came', async () => {
    start();
    await write(post({ quantity: 2 }), claim('mei'));
    await answer();
    await notary!.stop();
    await write(claim('fang'), claim('hao'));
    start();
    expect(states(await answer())).toEqual(['mei 1 given in-order', 'fang 2 given in-order', 'hao 3 waiting queued']);
  });

  it('[R6] makes good a crash between answer and place without a second number', async () => {
    startOn(
      watched(store, (method, path) => {
        if (method === 'PUT' && path.includes('_local')) throw new Error('The power went');
      })
    );
    await write(post(), claim('mei'));
    await until(async () => (await circle.get(allotmentId(trousers))) !== null);
    await notary!.stop();
    const before = await circle.get<Allotment>(allotmentId(trousers));
    start();
    await write(claim('fang'));
    const after = await answer();
    expect(after.places[0]).toEqual(before!.places[0]);
    expect(after.next).toBe(3);
  });

  it('[R6] writes no second answer when nothing has changed', async () => {
    start();
    await write(post(), claim('mei'));
    const { _rev } = await answer();
    await write(claim('mei', { receivedAt: now }), { ...post(), text: 'never worn' } as Listing);
    expect((await answer())._rev).toBe(_rev);
  });

  it('[R5] shows the terms before the first change of an offer that nobody had claimed', async () => {
    start();
    await write(post());
    await notary!.settled();
    expect(await circle.get(allotmentId(trousers))).toBeNull();
    await notary!.stop();
    start();
    await write(post({ price: { amountMinor: 900, currency: 'CNY' }, terms: 2 }));
    expect((await answer()).terms.map(({ terms, price }) => [terms, price?.amountMinor])).toEqual([
      [1, undefined],
      [2, 900]
    ]);
  });

  it('[R5] releases by itself a place that was not confirmed within 48 hours of the hub, even restarted in between', async () => {
    start();
    await write(post(), claim('mei'), claim('fang'));
    await answer();
    await write(post({ condition: 'worn once', terms: 2 }));
    expect(states(await answer())[1]).toBe('fang 2 to-confirm terms-changed');
    time.advance(47 * hour);
    await notary!.stop();
    start();
    expect(states(await answer())[1]).toBe('fang 2 to-confirm terms-changed');
    time.advance(hour);
    expect(states(await answer())).toEqual(['mei 1 given in-order', 'fang 2 refused not-confirmed']);
  });

  it('[R6] releases what a member who leaves had claimed, and gives it to the next', async () => {
    start();
    await write(post(), claim('mei'), claim('fang'));
    await answer();
    const left = makeMember({ person: 'mei', role: 'member', joinedAt: now, leftAt: now }, { author: 'hub', now });
    expect(left._id).toBe(memberId('mei'));
    await write(left);
    expect(states(await answer())).toEqual(['mei 1 refused left', 'fang 2 given in-order']);
  });

  it('[R6] releases what was claimed of a giver who leaves, and gives it again when she is back', async () => {
    start();
    await write(post(), claim('mei'));
    expect(states(await answer())).toEqual(['mei 1 given in-order']);
    const giver = makeMember({ person: 'lin', role: 'member', joinedAt: now, leftAt: now }, { author: 'hub', now });
    await write(giver);
    expect(states(await answer())).toEqual(['mei 1 refused offer-withdrawn']);
    await write({ ...giver, leftAt: undefined } as typeof giver);
    expect(states(await answer()).at(-1)).toBe('mei 2 given in-order');
  });

  it('[R4] takes a withdrawal and a new claim that reach it as one revision for no change', async () => {
    start();
    await write(post(), claim('mei'), claim('fang'));
    const { _rev } = await answer();
    await notary!.stop();
    await write(claim('mei', { status: 'withdrawn' }), claim('mei'));
    start();
    expect((await answer())._rev).toBe(_rev);
  });

  it('[R4] releases the places of a deleted claim and of a deleted offer', async () => {
    start();
    await write(post(), claim('mei'), claim('fang'));
    await answer();
    await write({ _id: claimId('mei', trousers), _deleted: true } as never);
    expect(states(await answer())).toEqual(['mei 1 refused withdrawn', 'fang 2 given in-order']);
    await write({ _id: trousers, _deleted: true } as never);
    expect(states(await answer())[1]).toBe('fang 2 refused offer-withdrawn');
  });

  it('[R6] after a restore gives nothing away that stood in an allotment which came back before its claims and its offer', async () => {
    start();
    await write(post({ quantity: 2, terms: 1 }), claim('mei'), claim('fang'), claim('hao'));
    const later = await answer();
    await notary!.stop();
    await circle.destroy();
    circle = await store.couch.ensure(circle.name);
    // What the backup had: nothing of it but a claim that Fang had withdrawn before she claimed again.
    await write(claim('fang', { status: 'withdrawn' }));
    await noteRestored(circle);
    await noteReturned(circle, [later]);
    const { _rev, ...content } = later;
    await circle.put(content);
    start({ restored: true });
    await write(claim('zhou'));
    expect(states(await answer())).toEqual([
      'mei 1 given in-order',
      'fang 2 given in-order',
      'hao 3 waiting queued',
      'zhou 4 waiting queued'
    ]);
    // Her own device is back: now she speaks for herself, and her place is free once the offer is back too.
    await write({ ...claim('fang', { status: 'withdrawn' }), note: 'not any more' } as never);
    expect(states(await answer()).slice(1, 3)).toEqual(['fang 2 refused withdrawn', 'hao 3 waiting queued']);
    await write(post({ quantity: 2, terms: 1 }));
    expect(states(await answer()).slice(2)).toEqual(['hao 3 given in-order', 'zhou 4 waiting queued']);
  });

  it('[R6] answers once more, also after a crash, whom an allotment that came back late does not know', async () => {
    start();
    await write(post({ quantity: 2 }), claim('mei'));
    const later = await answer();
    await notary!.stop();
    await noteRestored(circle);
    // Since the restore the hub has answered Hao; then what it had said before comes back, and the hub dies at once.
    start({ restored: true });
    await write(claim('hao'));
    expect((await answer()).places).toHaveLength(2);
    await notary!.stop();
    await noteReturned(circle, [later], [claimId('hao', trousers)]);
    const { _rev, ...content } = later;
    await write(content);
    start({ restored: true });
    expect(states(await answer())).toEqual(['mei 1 given in-order', 'hao 2 given in-order']);
  });

  it('answers a claim on an offer that arrives after it', async () => {
    start();
    await write(claim('mei'));
    await notary!.settled();
    await write(post());
    expect(states(await answer()).at(-1)).toMatch(/^mei \d given in-order$/);
  });

  it('[R6] answers a claim before it looks at a flood of offers', async () => {
    const written: string[] = [];
    const offers = Array.from({ length: 1_500 }, (_, n) => post({}, `flood-${n}`));
    await circle.bulkDocs([...offers, post(), claim('mei')]);
    startOn(
      watched(store, (_method, path, { docs }) => {
        if (docs && path.endsWith('_bulk_docs')) written.push(...docs.map(({ _id }) => _id));
      })
    );
    await notary!.settled();
    expect(written[0]).toBe(allotmentId(trousers));
    expect(written.filter((id) => id.includes('flood-'))).toHaveLength(1_500);
  });

  it('[S3] keeps the order of the database for what arrives while it reads', async () => {
    start();
    await write(post(), claim('mei', { status: 'withdrawn' }), claim('hao'));
    await answer();
    await write(claim('hao', { status: 'withdrawn' }));
    await answer();
    await notary!.stop();

    let raced = false;
    startOn(
      watched(store, async (_method, _path, { keys }) => {
        if (raced || !keys?.includes(claimId('zhou', trousers))) return;
        raced = true;
        await write(claim('fang'), claim('hao'));
      })
    );
    await write(claim('zhou'));
    const order = states(await answer()).map((text) => text.split(' ').slice(0, 2).join(' '));
    expect(raced).toBe(true);
    expect(order.slice(-3)).toEqual(['zhou 2', 'fang 3', 'hao 4']);
  });
});

/** What is about to be asked of the database: method, path and parsed body. Throwing loses the request. */
type Look = (method: string, path: string, body: { keys?: string[]; docs?: { _id: string }[] }) => void | Promise<void>;

/** The same store, with a look at each request before it is sent. */
function watched(store: TestStore, look: Look): Couch {
  const watch: typeof fetch = async (input, init) => {
    await look(init?.method ?? 'GET', String(input).split('?')[0]!, JSON.parse(String(init?.body ?? '{}')));
    return fetch(input, init);
  };
  return connectCouch({ url: store.url, prefix: store.prefix, fetch: watch });
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 5));
}

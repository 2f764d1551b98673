import { describe, expect, it } from 'vitest';
import { allotmentId, type Allotment } from '#domain/allotment/allotment.ts';
import type { Listing } from '#domain/listing/listing.ts';
import { until } from '../../../tests/until.ts';
import { claim, now, post, stageNotary, states, trousers, watched } from './testing/stage-notary.ts';

describe('the notary', () => {
  const on = stageNotary();
  const { start, write, answer } = on;

  it('[S3] gives the last thing to whom the database took first and says the other why she waits', async () => {
    start();
    await write(post(), claim('mei'), claim('fang'));
    const allotment = await answer();
    expect(states(allotment)).toEqual(['mei 1 given in-order', 'fang 2 waiting queued']);
    expect(allotment.left).toBe(0);
    expect(on.key.verify(allotment, on.circle.name)).toBe(true);
  });

  it('[R6] settles what came while it was down, in the order in which it came', async () => {
    start();
    await write(post({ quantity: 2 }), claim('mei'));
    await answer();
    await on.notary!.stop();
    await write(claim('fang'), claim('hao'));
    start();
    expect(states(await answer())).toEqual(['mei 1 given in-order', 'fang 2 given in-order', 'hao 3 waiting queued']);
  });

  it('[R6] makes good a crash between answer and place without a second number', async () => {
    start({
      couch: watched(on.store, (method, path) => {
        if (method === 'PUT' && path.includes('_local')) throw new Error('The power went');
      })
    });
    await write(post(), claim('mei'));
    await until('the answer is written', () => on.circle.get(allotmentId(trousers)));
    await on.notary!.stop();
    const before = await on.circle.get<Allotment>(allotmentId(trousers));
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
    await on.notary!.settled();
    expect(await on.circle.get(allotmentId(trousers))).toBeNull();
    await on.notary!.stop();
    start();
    await write(post({ price: { amountMinor: 900, currency: 'CNY' }, terms: 2 }));
    expect((await answer()).terms.map(({ terms, price }) => [terms, price?.amountMinor])).toEqual([
      [1, undefined],
      [2, 900]
    ]);
  });

  it('answers a claim on an offer that arrives after it', async () => {
    start();
    await write(claim('mei'));
    await on.notary!.settled();
    await write(post());
    expect(states(await answer()).at(-1)).toMatch(/^mei \d given in-order$/);
  });
});

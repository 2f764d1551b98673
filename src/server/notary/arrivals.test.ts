import { describe, expect, it } from 'vitest';
import { allotmentId } from '#domain/allotment/allotment.ts';
import { claimId } from '#domain/claim/claim.ts';
import { connectCouch } from '../couch.ts';
import { claim, post, stageNotary, states, trousers, watched } from './testing/stage-notary.ts';

describe('the notary', () => {
  const on = stageNotary();
  const { start, write, answer } = on;

  it('[R6] waits for the copies of a cluster to agree before it settles what one of them told of', async () => {
    let late = ['fang'];
    const couch = connectCouch({
      url: on.store.url,
      prefix: on.store.prefix,
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
    start({ couch });
    await write(post(), claim('mei'), claim('fang'));
    expect(states(await answer())).toEqual(['mei 1 given in-order', 'fang 2 waiting queued']);
    expect(late).toEqual([]);
  });

  it('[R6] answers a claim before it looks at a flood of offers', async () => {
    const written: string[] = [];
    const offers = Array.from({ length: 1_500 }, (_, n) => post({}, `flood-${n}`));
    await on.circle.bulkDocs([...offers, post(), claim('mei')]);
    start({
      couch: watched(on.store, (_method, path, { docs }) => {
        if (docs && path.endsWith('_bulk_docs')) written.push(...docs.map(({ _id }) => _id));
      })
    });
    await on.notary!.settled();
    expect(written[0]).toBe(allotmentId(trousers));
    expect(written.filter((id) => id.includes('flood-'))).toHaveLength(1_500);
  });

  it('[S3] keeps the order of the database for what arrives while it reads', async () => {
    start();
    await write(post(), claim('mei', { status: 'withdrawn' }), claim('hao'));
    await answer();
    await write(claim('hao', { status: 'withdrawn' }));
    await answer();
    await on.notary!.stop();

    let raced = false;
    start({
      couch: watched(on.store, async (_method, _path, { keys }) => {
        if (raced || !keys?.includes(claimId('zhou', trousers))) return;
        raced = true;
        await write(claim('fang'), claim('hao'));
      })
    });
    await write(claim('zhou'));
    const order = states(await answer()).map((text) => text.split(' ').slice(0, 2).join(' '));
    expect(raced).toBe(true);
    expect(order.slice(-3)).toEqual(['zhou 2', 'fang 3', 'hao 4']);
  });
});

import { describe, expect, it } from 'vitest';
import { claimId } from '#domain/claim/claim.ts';
import { noteRestored, noteReturned } from './returned.ts';
import { claim, post, stageNotary, states, trousers } from './testing/stage-notary.ts';

describe('the notary', () => {
  const on = stageNotary();
  const { start, write, answer } = on;

  it('[R6] after a restore gives nothing away that stood in an allotment which came back before its claims and its offer', async () => {
    start();
    await write(post({ quantity: 2, terms: 1 }), claim('mei'), claim('fang'), claim('hao'));
    const later = await answer();
    await on.notary!.stop();
    await on.circle.destroy();
    on.circle = await on.store.couch.ensure(on.circle.name);
    // What the backup had: nothing of it but a claim that Fang had withdrawn before she claimed again.
    await write(claim('fang', { status: 'withdrawn' }));
    await noteRestored(on.circle);
    await noteReturned(on.circle, [later]);
    const { _rev, ...content } = later;
    await on.circle.put(content);
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
    await on.notary!.stop();
    await noteRestored(on.circle);
    // Since the restore the hub has answered Hao; then what it had said before comes back, and the hub dies at once.
    start({ restored: true });
    await write(claim('hao'));
    expect((await answer()).places).toHaveLength(2);
    await on.notary!.stop();
    await noteReturned(on.circle, [later], [claimId('hao', trousers)]);
    const { _rev, ...content } = later;
    await write(content);
    start({ restored: true });
    expect(states(await answer())).toEqual(['mei 1 given in-order', 'hao 2 given in-order']);
  });
});

import { describe, expect, it } from 'vitest';
import { claimId } from '#domain/claim/claim.ts';
import { makeMember, memberId } from '#domain/member/member.ts';
import { claim, now, post, stageNotary, states, trousers } from './testing/stage-notary.ts';

const hour = 3_600_000;

describe('the notary', () => {
  const on = stageNotary();
  const { start, write, answer } = on;

  it('[R5] releases by itself a place that was not confirmed within 48 hours of the hub, even restarted in between', async () => {
    start();
    await write(post(), claim('mei'), claim('fang'));
    await answer();
    await write(post({ condition: 'worn once', terms: 2 }));
    expect(states(await answer())[1]).toBe('fang 2 to-confirm terms-changed');
    on.time.advance(47 * hour);
    await on.notary!.stop();
    start();
    expect(states(await answer())[1]).toBe('fang 2 to-confirm terms-changed');
    on.time.advance(hour);
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
    await on.notary!.stop();
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
});

import { describe, expect, it } from 'vitest';
import { noon } from '../testing/kind-samples.ts';
import { claim, jujubes, said, settle } from '../testing/settle.ts';

describe('releases', () => {
  const thing = jujubes({ quantity: 2 });
  const claims = [claim('mei'), claim('hao'), claim('fang')];
  const before = settle(thing, claims);

  it('whoever leaves makes room for the next', () => {
    const after = settle(thing, claims, before, { left: ['mei'] });
    expect(said(after)).toEqual(['mei 1 refused left', 'hao 1 given', 'fang 1 given']);
    expect(said(settle(thing, claims, after, { left: [] })).at(-1)).toBe('mei 1 waiting 1');
  });

  it.each([
    ['withdrawn', { ...thing, status: 'withdrawn' as const }, []],
    ['deleted', null, []],
    ['left behind by its author', thing, ['lin']]
  ])('an offer that is %s releases all', (_, offer, left) => {
    const after = settle(offer, claims, before, { left });
    expect(said(after)).toEqual(['mei', 'hao', 'fang'].map((person) => `${person} 1 refused offer-withdrawn`));
    expect([after.left, after.next]).toEqual([0, 4]);
    expect(settle(offer, claims, after, { left })).toEqual(after);
  });

  it('an offer that is opened again takes those who stood first, in their old order', () => {
    const after = settle({ ...thing, status: 'withdrawn' }, claims, before);
    const again = settle(thing, [claim('zhou'), ...claims.toReversed()], after);
    expect(said(again).slice(3)).toEqual(['mei 1 given', 'hao 1 given', 'fang 1 waiting 1', 'zhou 1 waiting 2']);
  });

  it('what was handed over or received stays given whatever is withdrawn and whoever leaves', () => {
    const received = [claim('mei', 1, { receivedAt: noon }), claim('hao'), claim('fang')];
    const after = settle({ ...thing, status: 'withdrawn' }, received, before, { handedOver: ['hao'], left: ['mei'] });
    expect(said(after)).toEqual(['mei 1 given', 'hao 1 given', 'fang 1 refused offer-withdrawn']);
  });

  it('nobody claims what is her own', () => {
    const answer = settle(thing, [claim('lin'), claim('mei')]);
    expect(said(answer)).toEqual(['lin 1 refused own-offer', 'mei 1 given']);
    expect(settle(thing, [claim('lin', 2), claim('mei')], answer)).toEqual(answer);
  });
});

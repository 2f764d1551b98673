import { describe, expect, it } from 'vitest';
import { nextDeadline } from '../allot.ts';
import { offerOf, withTerms } from '../offer.ts';
import { noon } from '../testing/kind-samples.ts';
import { claim, hoursLater, jujubes, said, settle, withdrawn } from '../testing/settle.ts';

describe('[R5] new terms', () => {
  const before = jujubes({ quantity: 1, price: { amountMinor: 100, currency: 'CNY' } });
  const dearer = withTerms(before, { price: { amountMinor: 200, currency: 'CNY' } });
  const claims = [claim('mei'), claim('hao'), claim('fang')];
  const first = settle(before, claims);
  const asked = settle(dearer, claims, first, { now: hoursLater(1) });

  it('never touch what is given, and ask the others to confirm in their place', () => {
    expect(said(asked)).toEqual(['mei 1 given', 'hao 1 to-confirm 1', 'fang 1 to-confirm 2']);
    expect(asked.places[1]).toMatchObject({ since: hoursLater(1), why: { code: 'terms-changed' } });
  });

  it('stand in the history as the hub received them', () => {
    expect(asked.terms).toEqual([
      { terms: 1, price: { amountMinor: 100, currency: 'CNY' }, quantity: 1, rule: 'first-come', at: noon },
      { terms: 2, price: { amountMinor: 200, currency: 'CNY' }, quantity: 1, rule: 'first-come', at: hoursLater(1) }
    ]);
  });

  it('pass over whoever has not confirmed, who keeps the place', () => {
    const confirmed = [withdrawn('mei'), claim('hao'), claim('fang', 1, { terms: 2 })];
    const answer = settle(dearer, confirmed, asked, { now: hoursLater(2) });
    expect(said(answer)).toEqual(['mei 1 refused withdrawn', 'hao 1 to-confirm 1', 'fang 1 given']);
  });

  it('give back the old place to whoever confirms in time', () => {
    const confirmed = [claim('mei'), claim('hao', 1, { terms: 2 }), claim('fang')];
    const answer = settle(dearer, confirmed, asked, { now: hoursLater(48) });
    expect(said(answer)).toEqual(['mei 1 given', 'hao 1 waiting 1', 'fang 1 to-confirm 2']);
    expect(answer.places[1]).not.toHaveProperty('since');
  });

  it('release after 48 hours by the hub’s clock, not a moment before', () => {
    const almost = new Date(Date.parse(hoursLater(49)) - 1).toISOString();
    expect(said(settle(dearer, claims, asked, { now: almost }))).toEqual(said(asked));
    expect(nextDeadline(asked, offerOf(dearer), hoursLater(1))).toBe(hoursLater(49));
    const after = settle(dearer, claims, asked, { now: hoursLater(49) });
    expect(said(after)).toEqual(['mei 1 given', 'hao 1 refused not-confirmed', 'fang 1 refused not-confirmed']);
    expect(nextDeadline(after, offerOf(dearer), hoursLater(49))).toBeNull();
    const late = settle(dearer, [claim('mei'), claim('hao', 1, { terms: 2 })], after, { now: hoursLater(50) });
    expect(said(late)).toContain('hao 1 waiting 1');
    expect(late.places.at(-1)?.arrival).toBe(4);
  });

  it('give another 48 hours when they change once more', () => {
    const again = settle(withTerms(dearer, { price: null }), claims, asked, { now: hoursLater(40) });
    expect(again.places[1]?.since).toBe(hoursLater(40));
  });

  it('ask a claim that comes late on old terms as well', () => {
    expect(said(settle(dearer, [claim('mei')]))).toEqual(['mei 1 to-confirm 1']);
  });

  it('count by what they say, whatever number their author gives them', () => {
    const sneaked = { ...dearer, terms: 1 };
    const answer = settle(sneaked, claims, first, { now: hoursLater(1) });
    expect(answer).toEqual(asked);
    expect(settle(sneaked, claims, answer, { now: hoursLater(2) })).toEqual(answer);
    expect(settle({ ...sneaked, title: 'Sweet jujubes' }, claims, answer, { now: hoursLater(2) })).toEqual(answer);
  });

  it('keep their newest 200 in the history', () => {
    let listing = jujubes();
    let answer = settle(listing, []);
    for (let amountMinor = 1; amountMinor <= 205; amountMinor++) {
      listing = withTerms(listing, { price: { amountMinor, currency: 'CNY' } });
      answer = settle(listing, [], answer);
    }
    const prices = answer.terms.map((entry) => entry.price?.amountMinor);
    expect(prices).toEqual(Array.from({ length: 200 }, (_, index) => index + 6));
  });
});

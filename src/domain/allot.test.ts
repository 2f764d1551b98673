import { describe, expect, it } from 'vitest';
import { nextDeadline, offeredRules } from './allot.ts';
import { refusedPlacesKept, type AllotmentBody } from './allotment/allotment.ts';
import { claimId } from './claim/claim.ts';
import { rules } from './listing/listing.ts';
import { offerOf, withTerms } from './offer.ts';
import { noon } from './testing/kind-samples.ts';
import { claim, hoursLater, jujubes, said, settle, subject, withdrawn } from './testing/settle.ts';

describe('first come', () => {
  it('[S3] gives the last thing to the first, and the other a place in line with the reason', () => {
    const answer = settle(jujubes({ quantity: 1 }), [claim('mei'), claim('hao')]);
    expect(answer).toMatchObject({ subject, left: 0, next: 3 });
    expect(answer.places).toEqual([
      {
        claim: claimId('mei', subject),
        quantity: 1,
        arrival: 1,
        state: 'given',
        why: { code: 'in-order', rule: 'first-come', arrival: 1, ahead: 0 }
      },
      {
        claim: claimId('hao', subject),
        quantity: 1,
        arrival: 2,
        state: 'waiting',
        place: 1,
        why: { code: 'queued', rule: 'first-come', arrival: 2, ahead: 1 }
      }
    ]);
  });

  it('goes by the order in which the claims are given, whatever their own clocks say', () => {
    const backdated = { ...claim('hao'), createdAt: '2020-01-01T00:00:00Z', updatedAt: '2020-01-01T00:00:00Z' };
    expect(said(settle(jujubes({ quantity: 1 }), [claim('mei'), backdated]))).toEqual([
      'mei 1 given',
      'hao 1 waiting 1'
    ]);
  });

  it('passes a freed place to the next in line', () => {
    const thing = jujubes({ quantity: 1 });
    const before = settle(thing, [claim('mei'), claim('hao'), claim('fang')]);
    const after = settle(thing, [withdrawn('mei'), claim('hao'), claim('fang')], before);
    expect(said(after)).toEqual(['mei 1 refused withdrawn', 'hao 1 given', 'fang 1 waiting 1']);
    expect(after.places[1]?.why).toEqual({ code: 'in-order', rule: 'first-come', arrival: 2, ahead: 0 });
  });

  it('[skip] lets the next that fits pass one that does not, which keeps its place', () => {
    const answer = settle(jujubes({ quantity: 3 }), [claim('mei', 2), claim('hao', 2), claim('fang', 1)]);
    expect(said(answer)).toEqual(['mei 2 given', 'hao 2 waiting 1', 'fang 1 given']);
    expect(answer.places[2]?.why.ahead).toBe(2);
    const more = settle(jujubes({ quantity: 4 }), [claim('mei', 2), claim('hao', 3), claim('fang', 1)]);
    expect([more.left, more.places[1]?.why.code]).toEqual([1, 'does-not-fit']);
  });

  it('[skip] says of what can never fit that it does not, even when nothing is left', () => {
    const answer = settle(jujubes({ quantity: 1 }), [claim('mei'), claim('hao', 2), claim('fang')]);
    expect(answer.places.map((place) => place.why.code)).toEqual(['in-order', 'does-not-fit', 'queued']);
  });

  it('[split] gives what is left, and the rest before anybody later', () => {
    const thing = jujubes({ quantity: 3, partial: 'split' });
    const claims = [claim('mei', 2), claim('hao', 3), claim('fang', 1)];
    const before = settle(thing, claims);
    expect(said(before)).toEqual(['mei 2 given', 'hao 1/3 given', 'fang 1 waiting 1']);
    expect(before.left).toBe(0);
    const after = settle(thing, [withdrawn('mei'), ...claims.slice(1)], before);
    expect(said(after)).toEqual(['mei 2 refused withdrawn', 'hao 3 given', 'fang 1 waiting 1']);
  });

  it('[split] takes less from what was asked and not given first', () => {
    const thing = jujubes({ quantity: 2, partial: 'split' });
    const before = settle(thing, [claim('mei', 4)]);
    expect(said(before)).toEqual(['mei 2/4 given']);
    expect(said(settle(thing, [claim('mei', 3)], before))).toEqual(['mei 2/3 given']);
    expect(said(settle(thing, [claim('mei', 2)], before))).toEqual(['mei 2 given']);
    expect(said(settle(thing, [claim('mei', 1)], before))).toEqual(['mei 1 given']);
  });

  it('takes nothing from those who have when there is less: capacity is max(stated, given)', () => {
    const before = settle(jujubes({ quantity: 3 }), [claim('mei', 3), claim('hao')]);
    const less = withTerms(jujubes({ quantity: 3 }), { quantity: 1 });
    const after = settle(less, [claim('mei', 3), claim('hao', 1, { terms: 2 })], before);
    expect(said(after)).toEqual(['mei 3 given', 'hao 1 waiting 1']);
    expect(after.left).toBe(0);
  });
});

describe('changing one’s mind', () => {
  const thing = jujubes({ quantity: 3 });

  it('less keeps the place and frees the difference', () => {
    const before = settle(thing, [claim('mei', 3), claim('hao', 2)]);
    expect(said(settle(thing, [claim('mei', 1), claim('hao', 2)], before))).toEqual(['mei 1 given', 'hao 2 given']);
  });

  it('more is a new wish at the end, for the difference', () => {
    const before = settle(thing, [claim('mei', 1), claim('hao', 2), claim('fang', 1)]);
    const after = settle(thing, [claim('mei', 3), claim('hao', 2), claim('fang', 1)], before);
    expect(said(after)).toEqual(['mei 1 given', 'hao 2 given', 'fang 1 waiting 1', 'mei 2 waiting 2']);
    expect(after.places[3]).toMatchObject({ arrival: 4, claim: claimId('mei', subject) });
    const less = settle(thing, [claim('mei', 1), claim('hao', 2), claim('fang', 1)], after);
    expect(said(less)).toEqual(['mei 1 given', 'hao 2 given', 'fang 1 waiting 1', 'mei 2 refused withdrawn']);
  });

  it('withdrawn and claimed again is a new arrival under the same claim id', () => {
    const one = jujubes({ quantity: 1 });
    const first = settle(one, [claim('mei'), claim('hao')]);
    const second = settle(one, [withdrawn('mei'), claim('hao')], first);
    const third = settle(one, [claim('mei'), claim('hao')], second);
    expect(said(third)).toEqual(['mei 1 refused withdrawn', 'hao 1 given', 'mei 1 waiting 1']);
    expect(third.places.map((place) => place.arrival)).toEqual([1, 2, 3]);
    expect(third.next).toBe(4);
  });

  it('a withdrawal and a new claim that come as one revision change nothing', () => {
    const before = settle(thing, [claim('mei')]);
    expect(settle(thing, [claim('mei', 1, { updatedAt: hoursLater(1) })], before)).toEqual(before);
  });

  it('a claim that is withdrawn before it was ever seen takes no number', () => {
    expect(settle(thing, [withdrawn('mei'), claim('hao')])).toMatchObject({ next: 2, places: [{ arrival: 1 }] });
  });

  it('[R4] a claim that is deleted is withdrawn', () => {
    const before = settle(jujubes({ quantity: 1 }), [claim('mei'), claim('hao')]);
    expect(said(settle(jujubes({ quantity: 1 }), [claim('hao')], before))).toEqual([
      'mei 1 refused withdrawn',
      'hao 1 given'
    ]);
  });

  it('keeps the newest places that are over, and never a number twice', () => {
    let answer: AllotmentBody | null = null;
    for (let time = 0; time < refusedPlacesKept + 5; time++) {
      answer = settle(thing, [claim('lin'), claim('mei')], answer);
      answer = settle(thing, [claim('lin'), withdrawn('mei')], answer);
    }
    expect(answer?.places).toHaveLength(refusedPlacesKept);
    expect(answer && said(answer)[0]).toBe('lin 1 refused own-offer');
    expect(answer?.places[1]?.arrival).toBe(8);
    expect(answer?.next).toBe(refusedPlacesKept + 7);
  });

  it('keeps what holds a standing claim back, however old, or it would come again as new', () => {
    const people = Array.from({ length: refusedPlacesKept + 5 }, (_, i) => `302-${i}`);
    const claims = [claim('lin'), ...people.map((person) => claim(person))];
    const before = settle(thing, claims, null, { left: people });
    expect(before.places).toHaveLength(claims.length);
    expect(settle(thing, claims, before, { left: people })).toEqual(before);
  });
});

describe('giver picks', () => {
  const thing = jujubes({ quantity: 2, rule: 'giver-picks' });
  const claims = [claim('mei'), claim('hao'), claim('fang', 2)];

  it('gives nothing before the giver has picked', () => {
    expect(said(settle(thing, claims))).toEqual(['mei 1 waiting 1', 'hao 1 waiting 2', 'fang 2 waiting 3']);
  });

  it('gives what is picked, whole where it fits', () => {
    const answer = settle(thing, claims, null, { picks: ['hao', 'fang'] });
    expect(said(answer)).toEqual(['mei 1 waiting 1', 'hao 1 given', 'fang 2 waiting 2']);
    expect(answer.places.map((place) => place.why.code)).toEqual(['queued', 'picked', 'does-not-fit']);
  });

  it('a pick that is taken back after it was answered changes nothing', () => {
    const before = settle(thing, claims, null, { picks: ['hao'] });
    expect(said(settle(thing, claims, before))).toEqual(said(before));
  });

  it('passes no freed place on by itself', () => {
    const before = settle(jujubes({ quantity: 1, rule: 'giver-picks' }), claims, null, { picks: ['mei'] });
    const after = settle(jujubes({ quantity: 1, rule: 'giver-picks' }), [withdrawn('mei'), claim('hao')], before);
    expect(said(after)).toContain('hao 1 waiting 1');
  });
});

describe('an offer that is closed', () => {
  const claims = [claim('mei'), claim('hao')];
  const before = settle(jujubes({ quantity: 1 }), claims);

  it('gives no more, takes nothing back, and lets those in line wait', () => {
    const after = settle(jujubes({ quantity: 1, status: 'closed' }), [withdrawn('mei'), claim('hao')], before);
    expect(said(after)).toEqual(['mei 1 refused withdrawn', 'hao 1 waiting 1']);
    expect(after.left).toBe(0);
  });

  it('is closed from its closing time on, and the notary looks again then', () => {
    const thing = jujubes({ closesAt: hoursLater(1) });
    const open = settle(thing, [claim('mei')]);
    expect(open.left).toBe(9);
    expect(nextDeadline(open, offerOf(thing), noon)).toBe(hoursLater(1));
    const closed = settle(thing, [claim('mei'), claim('hao')], open, { now: hoursLater(1) });
    expect(said(closed)).toEqual(['mei 1 given', 'hao 1 waiting 1']);
    expect(nextDeadline(closed, offerOf(thing), hoursLater(1))).toBeNull();
    expect(nextDeadline(open, offerOf({ ...thing, status: 'withdrawn' }), noon)).toBeNull();
  });
});

describe('rules that do not settle yet', () => {
  it.each(rules.filter((rule) => !(offeredRules as readonly string[]).includes(rule)))('%s: all wait', (rule) => {
    const answer = settle(jujubes({ rule }), [claim('mei'), claim('hao')], null, { picks: ['mei'] });
    expect(said(answer)).toEqual(['mei 1 waiting 1', 'hao 1 waiting 2']);
    expect(answer.places[0]?.why).toEqual({ code: 'queued', rule, arrival: 1, ahead: 0 });
  });
});

it('a thing wanted is claimed like one offered: I have it', () => {
  expect(said(settle(jujubes({ direction: 'wanted', quantity: 1 }), [claim('mei'), claim('hao')]))).toEqual([
    'mei 1 given',
    'hao 1 waiting 1'
  ]);
});

it('answers even when there is nothing to answer', () => {
  expect(settle(null, [])).toEqual({ subject, left: 0, next: 1, terms: [], places: [] });
  expect(said(settle(null, [claim('mei')]))).toEqual(['mei 1 refused offer-withdrawn']);
});

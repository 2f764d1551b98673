import { describe, expect, it } from 'vitest';
import { allot, nextDeadline, offeredRules } from './allot.ts';
import { refusedPlacesKept, type AllotmentBody, type Place } from './allotment/allotment.ts';
import { claimId, makeClaim, type Claim } from './claim/claim.ts';
import { makeHandover } from './handover/handover.ts';
import { noon } from './testing/kind-samples.ts';
import { makeListing, rules, type Listing } from './listing/listing.ts';
import { offerOf, withTerms } from './offer.ts';
import { makePick } from './pick/pick.ts';

const at = { author: 'lin', key: 'jujubes', now: noon };
const jujubes = (body: Partial<Listing> = {}) => makeListing({ title: 'Jujubes', quantity: 10, ...body }, at);
const subject = jujubes()._id;
const claim = (author: string, quantity = 1, body: Partial<Claim> = {}) =>
  makeClaim({ subject, quantity, ...body }, { author, now: noon });
const withdrawn = (author: string) => claim(author, 1, { status: 'withdrawn' });
const hoursLater = (hours: number) => new Date(Date.parse(noon) + hours * 3_600_000).toISOString();

type More = { picks?: string[]; handedOver?: string[]; left?: string[]; now?: string };
function settle(listing: Listing | null, claims: Claim[], previous: AllotmentBody | null = null, more: More = {}) {
  const { picks = [], handedOver = [], left = [], now = noon } = more;
  return allot(
    {
      subject,
      offer: listing && offerOf(listing),
      claims,
      picks: picks.map((person) => makePick({ subject: claimId(person, subject) }, at)),
      handovers: handedOver.map((person) =>
        makeHandover({ subject: claimId(person, subject), handedOverAt: noon }, at)
      ),
      leftPeople: new Set(left),
      now
    },
    previous
  );
}

/** One place as a word: `mei 2 given`, `hao 1 waiting 1`, `fang 1 refused left`. */
function word({ claim: id, quantity, asked, state, place, why }: Place): string {
  const many = asked === undefined ? `${quantity}` : `${quantity}/${asked}`;
  const detail = { given: '', waiting: ` ${place}`, 'to-confirm': ` ${place}`, refused: ` ${why.code}` }[state];
  return `${id.split(':')[0]} ${many} ${state}${detail}`;
}
const said = (allotment: AllotmentBody) => allotment.places.map(word);

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

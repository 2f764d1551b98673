import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allot } from '../allot.ts';
import { makeAllotment, type Allotment } from '../allotment/allotment.ts';
import { claimId, makeClaim, type Claim } from '../claim/claim.ts';
import { makeHandover } from '../handover/handover.ts';
import { makeHide } from '../hide/hide.ts';
import { hubAuthor, type RecordId } from '../id.ts';
import { noon } from '../testing/kind-samples.ts';
import { offerOf, withTerms } from '../offer.ts';
import { makePick } from '../pick/pick.ts';
import { listingView, shelfKeys, type ListingRecords } from './listing-view.ts';
import { makeListing, type Listing } from './listing.ts';

const lin = { author: 'lin', now: noon };
const thing = (body: Partial<Listing> = {}) => makeListing({ title: 'Trousers', ...body }, { ...lin, key: 'trousers' });
const subject = thing()._id;
const claim = (author: string, body: Partial<Claim> = {}) => makeClaim({ subject, ...body }, { author, now: noon });
const bare = (listing: Listing): ListingRecords => ({
  listing,
  allotment: null,
  claims: [],
  picks: [],
  handovers: [],
  hides: []
});

function answered(listing: Listing, claims: Claim[], previous: Allotment | null = null): Allotment {
  const input = { subject, offer: offerOf(listing), claims, picks: [], leftPeople: new Set<string>(), now: noon };
  return makeAllotment(allot(input, previous), { author: hubAuthor, now: noon });
}

const seenBy = (me: string, records: ListingRecords, unsentClaim = false) =>
  listingView({ ...records, me, unsentClaim });

describe('what is mine', () => {
  const claims = [claim('mei'), claim('hao')];
  const asked = { ...bare(thing()), claims };
  const settled = { ...asked, allotment: answered(thing(), claims) };

  it('is never given before the hub has said so', () => {
    expect(seenBy('mei', asked, true).mine).toBe('unsent');
    expect(seenBy('mei', asked)).toMatchObject({ mine: 'asked', myQuantity: 1, state: 'available', left: 1 });
    expect(seenBy('zhou', asked)).toMatchObject({ mine: 'none', myQuantity: 0 });
  });

  it('[S3] is given to one, and tells the other the place and the reason', () => {
    expect(seenBy('mei', settled)).toMatchObject({ mine: 'given', myQuantity: 1, why: { code: 'in-order' } });
    expect(seenBy('hao', settled)).toMatchObject({ mine: 'waiting', place: 1, why: { code: 'queued', ahead: 1 } });
  });

  it('is nothing any more from the moment I withdraw, though the hub has still to answer', () => {
    const records = { ...settled, claims: [claim('mei', { status: 'withdrawn' }), claim('hao')] };
    expect(seenBy('mei', records)).toMatchObject({ mine: 'none', left: 0 });
    expect(seenBy('mei', records).places[0]).toMatchObject({ state: 'given', withdrawn: true });
  });

  it('is asked again when I claim again, and then what the newest place says', () => {
    const gone = answered(thing(), [claim('mei', { status: 'withdrawn' }), claim('hao')], settled.allotment);
    expect(seenBy('mei', { ...settled, allotment: gone }).mine).toBe('asked');
    expect(seenBy('mei', { ...settled, allotment: gone }, true).mine).toBe('unsent');
    const again = answered(thing(), claims, gone);
    expect(seenBy('mei', { ...settled, allotment: again })).toMatchObject({ mine: 'waiting', place: 1 });
  });

  it('stays given while I ask for more', () => {
    const four = thing({ quantity: 4 });
    const first = answered(four, [claim('mei', { quantity: 2 }), claim('hao', { quantity: 2 })]);
    const more = [claim('mei', { quantity: 3 }), claim('hao', { quantity: 2 })];
    const records = { ...bare(four), claims: more, allotment: answered(four, more, first) };
    expect(seenBy('mei', records)).toMatchObject({ mine: 'given', myQuantity: 2 });
    expect(records.allotment.places).toHaveLength(3);
  });

  it('[R5] waits for my word on new terms, and for the hub once I gave it', () => {
    const dearer = withTerms(thing(), { price: { amountMinor: 100, currency: 'CNY' } });
    const records = { ...bare(dearer), claims, allotment: answered(dearer, claims, settled.allotment) };
    expect(seenBy('hao', records)).toMatchObject({ mine: 'to-confirm', place: 1, terms: 2 });
    expect(seenBy('mei', records).mine).toBe('given');
    const confirmed = { ...records, claims: [claim('mei'), claim('hao', { terms: 2 })] };
    expect(seenBy('hao', confirmed)).toMatchObject({ mine: 'asked', place: 1 });
    expect(seenBy('hao', records).termsHistory.map((entry) => entry.price?.amountMinor)).toEqual([undefined, 100]);
  });

  it('[R5] shows the hub’s number of terms where the author’s is lower', () => {
    const sneaked = { ...thing(), price: { amountMinor: 100, currency: 'CNY' } };
    expect(
      seenBy('hao', { ...bare(sneaked), claims, allotment: answered(sneaked, claims, settled.allotment) }).terms
    ).toBe(2);
  });

  it('says why it was refused', () => {
    const own = [claim('lin')];
    expect(seenBy('lin', { ...bare(thing()), claims: own, allotment: answered(thing(), own) })).toMatchObject({
      mine: 'refused',
      why: { code: 'own-offer' }
    });
  });
});

describe('the state on the shelf', () => {
  const claims = [claim('mei', { receivedAt: noon })];
  const allotment = answered(thing(), claims);
  const handover = makeHandover({ subject: claims[0]!._id, handedOverAt: noon, paidAt: noon }, lin);

  it('[S1] is available, then reserved, then gone when both have ticked', () => {
    expect(shelfKeys(bare(thing()))).toEqual({ onShelf: true, state: 'available', left: 1 });
    const reserved = { onShelf: true, state: 'reserved', left: 0 };
    expect(shelfKeys({ ...bare(thing()), claims: [claim('mei')], allotment })).toEqual(reserved);
    expect(shelfKeys({ ...bare(thing()), claims: [claim('mei')], allotment, handovers: [handover] })).toEqual(reserved);
    expect(shelfKeys({ ...bare(thing()), claims, allotment })).toEqual(reserved);
    const done = { ...bare(thing()), claims, allotment, handovers: [handover] };
    expect(shelfKeys(done)).toEqual({ onShelf: false, state: 'gone', left: 0 });
    expect(seenBy('mei', done).places).toMatchObject([
      { person: 'mei', state: 'given', receivedAt: noon, handedOverAt: noon, paidSeenAt: noon }
    ]);
  });

  it('stays available while something is left, whatever is done', () => {
    const two = thing({ quantity: 2 });
    const records = { ...bare(two), claims, allotment: answered(two, claims), handovers: [handover] };
    expect(shelfKeys(records)).toEqual({ onShelf: true, state: 'available', left: 1 });
  });

  it.each(['closed', 'withdrawn'] as const)('is gone when it is %s', (status) => {
    expect(shelfKeys(bare(thing({ status })))).toEqual({ onShelf: false, state: 'gone', left: 0 });
  });

  it('is out of sight while a steward hides it', () => {
    const hides = [
      makeHide({ subject, reason: 'Posted twice' }, { author: 'zhou', now: noon }),
      makeHide({ subject, reason: 'Twice, I think' }, { author: 'fang', now: noon })
    ];
    const hidden = { ...bare(thing()), hides };
    expect(shelfKeys(hidden)).toMatchObject({ onShelf: false, state: 'available' });
    expect(seenBy('mei', hidden).hidden).toEqual({ by: 'fang', reason: 'Twice, I think' });
    const lifted = hides.map((hide) => ({ ...hide, status: 'withdrawn' as const }));
    expect(seenBy('mei', { ...bare(thing()), hides: lifted })).toMatchObject({ onShelf: true, hidden: null });
  });

  it('never has less than nothing left', () => {
    const less = thing({ quantity: 1 });
    const many = [claim('mei', { quantity: 5 })];
    const records = { ...bare(less), claims: many, allotment: answered(thing({ quantity: 5 }), many) };
    expect(seenBy('mei', records)).toMatchObject({ left: 0, given: 5, state: 'reserved' });
  });
});

describe('[R7] what does not belong', () => {
  const claims = [claim('mei')];
  const allotment = answered(thing(), claims);

  it('is left out: claims, answers and hides of other things, ticks and picks by others than the giver', () => {
    const other: RecordId = 'lin:listing:jujubes';
    const stray = makeClaim({ subject: other }, { author: 'hao', now: noon });
    const strangers = { author: 'hao', now: noon };
    const records: ListingRecords = { ...bare(thing()), claims, allotment };
    const more: ListingRecords = {
      ...records,
      claims: [...claims, stray],
      picks: [makePick({ subject: claims[0]!._id }, strangers)],
      handovers: [makeHandover({ subject: claims[0]!._id, handedOverAt: noon }, strangers)],
      hides: [makeHide({ subject: other, reason: '' }, { author: 'zhou', now: noon })]
    };
    expect(seenBy('mei', more)).toEqual(seenBy('mei', records));
    expect(seenBy('mei', { ...records, allotment: { ...allotment, subject: other } })).toEqual(
      seenBy('mei', { ...records, allotment: null })
    );
  });
});

it('[R8] says the same of the same records in any order, however often each is given', () => {
  const people = ['mei', 'fang', 'hao', 'zhou', 'xiaoyu', 'granny-wang'];
  const history = fc.array(
    fc.record({
      author: fc.constantFrom(...people),
      quantity: fc.integer({ min: 1, max: 3 }),
      withdrawn: fc.boolean()
    }),
    { maxLength: 15 }
  );
  fc.assert(
    fc.property(history, fc.nat(15), fc.infiniteStream(fc.nat(1_000)), (events, unanswered, chance) => {
      const listing = thing({ quantity: 4, rule: 'first-come' });
      const claims = new Map<string, Claim>();
      let allotment: Allotment | null = null;
      events.forEach(({ author, quantity, withdrawn }, index) => {
        claims.set(author, claim(author, { quantity, status: withdrawn ? 'withdrawn' : 'standing' }));
        if (index < unanswered) allotment = answered(listing, [...claims.values()], allotment);
      });
      const ids = [...claims.keys()].map((author) => claimId(author, subject));
      const records: ListingRecords = {
        listing,
        allotment,
        claims: [...claims.values()],
        picks: ids.map((id) => makePick({ subject: id }, lin)),
        handovers: ids.map((id) => makeHandover({ subject: id, handedOverAt: noon }, lin)),
        hides: people.map((author) => makeHide({ subject, reason: author }, { author, now: noon }))
      };
      const shaken = <T>(list: readonly T[]): T[] =>
        [...list, ...list]
          .map((value) => ({ value, rank: chance.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ value }) => value);
      const again: ListingRecords = {
        ...records,
        claims: shaken(records.claims),
        picks: shaken(records.picks),
        handovers: shaken(records.handovers),
        hides: shaken(records.hides)
      };
      for (const me of people) {
        const view = seenBy(me, records);
        expect(seenBy(me, again)).toEqual(view);
        expect(shelfKeys(again)).toEqual({ onShelf: view.onShelf, state: view.state, left: view.left });
        expect(view.left).toBe(Math.max(0, 4 - view.given));
        const mine = claims.get(me);
        expect(view.mine === 'none').toBe(mine?.status !== 'standing');
      }
    })
  );
});

import { describe, expect, it } from 'vitest';
import { makeAllotment, whyCodes, type Place } from '#domain/allotment/allotment.ts';
import { makeClaim } from '#domain/claim/claim.ts';
import { listingView } from '#domain/listing/listing-view.ts';
import { makeListing, type ListingBody } from '#domain/listing/listing.ts';
import { myPlace } from './my-place.ts';
import { placeWords, standingWords } from './why.ts';

const at = { now: '2026-11-22T08:00:00.000Z' };

function standing(body: Partial<ListingBody>, answer?: Partial<Place>, unsentClaim = false) {
  const listing = makeListing({ title: 'Trousers', ...body }, { ...at, author: 'lin', key: 'a1' });
  const claim = makeClaim({ subject: listing._id }, { ...at, author: 'mei' });
  const rule = listing.rule;
  const place: Place = {
    claim: claim._id,
    quantity: 1,
    arrival: 2,
    state: 'waiting',
    why: { code: 'queued', rule, arrival: 2, ahead: 1 },
    ...answer
  };
  const allotment = answer
    ? makeAllotment({ subject: listing._id, left: 0, next: 3, terms: [], places: [place] }, { ...at, author: 'hub' })
    : null;
  const view = listingView({
    listing,
    allotment,
    claims: [claim],
    picks: [],
    handovers: [],
    hides: [],
    me: 'mei',
    unsentClaim
  });
  return { said: standingWords(view, myPlace(view, 'mei'), 'Lin')!, view };
}

describe('my standing in words', () => {
  it('[S3] says waiting as waiting, with the rule, until the hub has answered', () => {
    expect(standing({}).said.text).toMatch(/not yours yet.*first served/i);
    expect(standing({}, undefined, true).said.text).toMatch(/no network.*somebody else/i);
    expect(standing({ rule: 'giver-picks' }).said.text).toMatch(/Lin picks/);
  });

  it('[S3] says the place in line and who is ahead', () => {
    const { said } = standing({}, { place: 1 });
    expect(said.title).toBe('You are number 1 in line');
    expect(said.text).toMatch(/^1 came before you/);
  });

  it('[R6] says of what is given exactly what may still end it', () => {
    const { said } = standing(
      {},
      { state: 'given', why: { code: 'in-order', rule: 'first-come', arrival: 1, ahead: 0 } }
    );
    expect(said.tone).toBe('tea');
    expect(said.text).toMatch(/ends only if you withdraw, leave the circle, or Lin takes it off/);
  });

  it('[R5] says until when a place waits for my word on new terms', () => {
    const why = { code: 'terms-changed', rule: 'first-come', arrival: 1, ahead: 0 } as const;
    const { said } = standing({ terms: 2 }, { state: 'to-confirm', since: '2026-11-22T08:00:00.000Z', why });
    expect(said.text).toContain('Nov 24');
  });

  it('has words for every code of the hub', () => {
    for (const code of whyCodes) {
      const why = { code, rule: 'first-come', arrival: 1, ahead: 0 } as const;
      const { view } = standing({}, { state: 'refused', why });
      expect(placeWords(view.places[0]!), code).not.toBe('');
    }
  });
});

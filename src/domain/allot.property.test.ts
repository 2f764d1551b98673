import { expect, it } from 'vitest';
import { allot } from './allot.ts';
import { allotmentFault } from './allotment/allotment-fault.ts';
import { makeAllotment, type AllotmentBody, type Place } from './allotment/allotment.ts';
import { hubAuthor } from './id.ts';
import { parseRecord } from './record.ts';
import { holdsAlways, inputOf } from './testing/histories.ts';
import { noon } from './testing/kind-samples.ts';

const givenOf = (allotment: AllotmentBody | null) =>
  (allotment?.places ?? []).reduce((sum, place) => sum + (place.state === 'given' ? place.quantity : 0), 0);
const inLine = ({ state }: Place) => state === 'waiting' || state === 'to-confirm';

it('[S3] [R6] never gives more than max(stated, already given)', () => {
  holdsAlways(({ listing, deleted }, answer, previous) => {
    const stated = deleted || listing.status !== 'open' ? 0 : listing.quantity;
    expect(givenOf(answer)).toBeLessThanOrEqual(Math.max(stated, givenOf(previous)));
    if (answer.left > 0) expect(givenOf(answer) + answer.left).toBe(stated);
    expect(allotmentFault(previous, answer)).toBeNull();
  });
});

it('[R6] takes nothing that was given but for a reason that is its claimer’s or its offer’s', () => {
  holdsAlways(({ claims, left, listing, deleted }, answer, previous) => {
    for (const before of previous?.places.filter((place) => place.state === 'given') ?? []) {
      const after = answer.places.find((place) => place.arrival === before.arrival);
      const claim = claims.get(before.claim.split(':')[0]!);
      if (after?.state === 'given' && after.quantity >= before.quantity) continue;
      const askedBefore = previous!.places
        .filter((place) => place.claim === before.claim && place.state !== 'refused')
        .reduce((sum, place) => sum + (place.asked ?? place.quantity), 0);
      const lessened = claim !== undefined && claim.quantity < askedBefore;
      const reason = {
        withdrawn: claim?.status !== 'standing' || lessened,
        left: left.has(before.claim.split(':')[0]!),
        'offer-withdrawn': deleted || listing.status === 'withdrawn' || left.has('lin')
      };
      if (after?.state === 'given') expect(lessened).toBe(true);
      else expect(reason[after?.why.code as keyof typeof reason]).toBe(true);
    }
  });
});

it('[R6] numbers each arrival once, in order, and never again', () => {
  holdsAlways((_, answer, previous) => {
    const arrivals = answer.places.map((place) => place.arrival);
    expect(arrivals).toEqual([...new Set(arrivals)].sort((a, b) => a - b));
    expect(answer.next).toBeGreaterThan(arrivals.at(-1) ?? 0);
    expect(answer.next).toBeGreaterThanOrEqual(previous?.next ?? 1);
    for (const before of previous?.places ?? []) {
      expect(answer.places.find((place) => place.arrival === before.arrival)?.claim).toBe(before.claim);
    }
    const known = new Set(previous?.places.map((place) => place.arrival));
    expect(arrivals.filter((arrival) => !known.has(arrival) && arrival < (previous?.next ?? 1))).toEqual([]);
  });
});

it('[R6] says the same when it is asked again, from memory or from what was stored', () => {
  holdsAlways((world, answer, previous) => {
    const input = inputOf(world);
    expect(allot(input, previous)).toEqual(answer);
    expect(allot(input, answer)).toStrictEqual(answer);
    const stored = JSON.parse(JSON.stringify(answer)) as AllotmentBody;
    expect(stored).toStrictEqual(answer);
    expect(allot(input, stored)).toStrictEqual(answer);
  });
});

it('[R8] does not mind repeated claims, nor the order of picks', () => {
  holdsAlways((world, answer, previous) => {
    const input = inputOf(world);
    const again = {
      ...input,
      claims: [...input.claims, ...input.claims],
      picks: [...input.picks, ...input.picks].reverse()
    };
    expect(allot(again, previous)).toEqual(answer);
  });
});

it('[R6] leaves in line, numbered from 1, only who cannot be given now', () => {
  holdsAlways(({ listing, picks, claims }, answer) => {
    const line = answer.places.filter(inLine);
    expect(line.map((place) => place.place)).toEqual(line.map((_, index) => index + 1));
    for (const place of line.filter(({ state }) => state === 'waiting')) {
      const author = place.claim.split(':')[0]!;
      const eligible = listing.rule === 'first-come' || (listing.rule === 'giver-picks' && picks.includes(author));
      if (!eligible) continue;
      const most = listing.partial === 'split' ? 0 : place.quantity - 1;
      expect(answer.left).toBeLessThanOrEqual(most);
      expect(claims.get(author)?.terms ?? 1).toBeGreaterThanOrEqual(answer.terms.at(-1)!.terms);
    }
  });
});

it('[R6] answers every standing claim for as many as it asks, but for what a reason still holds back', () => {
  holdsAlways(({ claims, listing, deleted, left }, answer) => {
    for (const [author, claim] of claims) {
      const places = answer.places.filter((place) => place.claim === claim._id);
      const asked = places
        .filter((place) => place.state !== 'refused')
        .reduce((sum, place) => sum + (place.asked ?? place.quantity), 0);
      const gone = deleted || listing.status === 'withdrawn' || left.has('lin') || left.has(author);
      const unconfirmed = places.some((place) => place.why.code === 'not-confirmed' && claim.terms! < place.terms!);
      if (claim.status === 'withdrawn') expect(asked).toBe(0);
      else if (author === 'lin') expect(asked).toBe(0);
      else if (gone || unconfirmed) expect(asked).toBeLessThanOrEqual(claim.quantity);
      else expect(asked).toBe(claim.quantity);
    }
  });
});

it('[R5] keeps a history of terms that only grows, and a record that every device can read', () => {
  holdsAlways(({ listing, deleted }, answer, previous) => {
    expect(answer.terms.slice(0, previous?.terms.length ?? 0)).toEqual(previous?.terms ?? []);
    const numbers = answer.terms.map((entry) => entry.terms);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    if (!deleted) expect(answer.terms.at(-1)).toMatchObject({ price: listing.price, quantity: listing.quantity });
    expect(parseRecord(makeAllotment(answer, { author: hubAuthor, now: noon })).ok).toBe(true);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allot } from './allot.ts';
import { allotmentFault } from './allotment/allotment-fault.ts';
import { makeAllotment, type AllotmentBody, type Place } from './allotment/allotment.ts';
import { claimId, makeClaim, type Claim } from './claim/claim.ts';
import { hubAuthor } from './id.ts';
import { noon } from './testing/kind-samples.ts';
import { makeListing, type Listing } from './listing/listing.ts';
import { offerOf, withTerms } from './offer.ts';
import { makePick } from './pick/pick.ts';
import { parseRecord } from './record.ts';

const giver = { author: 'lin', key: 'jujubes', now: noon };
const people = ['mei', 'fang', 'hao', 'zhou', 'xiaoyu', 'granny-wang', 'lin'];

/** A history as the database took it: everything that may happen to one offer, in any order. */
type World = {
  listing: Listing;
  deleted: boolean;
  claims: Map<string, Claim>;
  picks: string[];
  left: Set<string>;
  hours: number;
};
type Step = (world: World) => void;

const person = fc.constantFrom(...people);
const quantity = fc.integer({ min: 1, max: 4 });

const claimStep = fc
  .record({ author: person, quantity, received: fc.constantFrom(false, false, false, true), current: fc.boolean() })
  .map(({ author, received, current, ...body }): Step => (world) => {
    const subject = world.listing._id;
    const terms = current ? world.listing.terms : 1;
    const before = world.claims.get(author);
    world.claims.delete(author);
    const receivedAt = before && received ? noon : before?.receivedAt;
    world.claims.set(author, makeClaim({ subject, ...body, terms, receivedAt }, { author, now: noon }));
  });
const withdrawStep = person.map((author): Step => ({ claims }) => {
  const claim = claims.get(author);
  if (claim) claims.set(author, { ...claim, status: 'withdrawn' });
});
const deleteStep = person.map(
  (author): Step =>
    ({ claims }) =>
      void claims.delete(author)
);
const pickStep = person.map(
  (author): Step =>
    (world) =>
      void world.picks.push(author)
);
const leaveStep = person.map(
  (author): Step =>
    ({ left }) =>
      void (left.delete(author) || left.add(author))
);
const waitStep = fc.constantFrom(1, 24, 48, 200).map(
  (hours): Step =>
    (world) =>
      void (world.hours += hours)
);
const offerStep = fc
  .record(
    {
      status: fc.constantFrom<Listing['status']>('open', 'open', 'closed', 'withdrawn'),
      quantity: fc.integer({ min: 1, max: 8 }),
      price: fc.constantFrom(null, { amountMinor: 100, currency: 'CNY' }),
      rule: fc.constantFrom<Listing['rule']>('first-come', 'first-come', 'giver-picks', 'draw'),
      partial: fc.constantFrom<Listing['partial']>('skip', 'split')
    },
    { requiredKeys: [] }
  )
  .map(
    (change): Step =>
      (world) =>
        void (world.listing = withTerms(world.listing, change))
  );
const tombstoneStep = fc.boolean().map(
  (deleted): Step =>
    (world) =>
      void (world.deleted = deleted)
);

const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: claimStep },
    { weight: 3, arbitrary: withdrawStep },
    { weight: 1, arbitrary: deleteStep },
    { weight: 2, arbitrary: pickStep },
    { weight: 1, arbitrary: leaveStep },
    { weight: 2, arbitrary: waitStep },
    { weight: 2, arbitrary: offerStep },
    { weight: 1, arbitrary: tombstoneStep }
  ),
  { maxLength: 40, size: 'max' }
);

const newWorld = (body: Partial<Listing> = {}): World => ({
  listing: makeListing({ title: 'Jujubes', quantity: 5, ...body }, giver),
  deleted: false,
  claims: new Map(),
  picks: [],
  left: new Set(),
  hours: 0
});

function inputOf({ listing, deleted, claims, picks, left, hours }: World) {
  return {
    subject: listing._id,
    offer: deleted ? null : offerOf(listing),
    claims: [...claims.values()],
    picks: picks.map((author) => makePick({ subject: claimId(author, listing._id) }, giver)),
    leftPeople: new Set(left),
    now: new Date(Date.parse(noon) + hours * 3_600_000).toISOString()
  };
}

const givenOf = (allotment: AllotmentBody | null) =>
  (allotment?.places ?? []).reduce((sum, place) => sum + (place.state === 'given' ? place.quantity : 0), 0);
const inLine = ({ state }: Place) => state === 'waiting' || state === 'to-confirm';

/** Plays a history, the notary looking after every few steps, and shows each answer with what came before it. */
function play(
  history: readonly Step[],
  every: number,
  look: (world: World, answer: AllotmentBody, previous: AllotmentBody | null) => void
): void {
  const world = newWorld();
  let previous: AllotmentBody | null = null;
  history.forEach((step, index) => {
    step(world);
    if (index % every !== 0) return;
    const answer = allot(inputOf(world), previous);
    look(world, answer, previous);
    previous = answer;
  });
}

const holdsAlways = (look: Parameters<typeof play>[2]) =>
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 4 }), (history, every) => play(history, every, look)),
    {
      numRuns: 80
    }
  );

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

it('[R6] says the same of claims that arrive one by one, in heaps, or all at once', () => {
  const arriving = fc.array(fc.record({ quantity, stops: fc.boolean() }), { minLength: 1, maxLength: 25 });
  const partial = fc.constantFrom<Listing['partial']>('skip', 'split');
  fc.assert(
    fc.property(arriving, partial, fc.integer({ min: 1, max: 30 }), (wishes, how, capacity) => {
      const world = newWorld({ quantity: capacity, partial: how });
      const claims = wishes.map((wish, i) =>
        makeClaim({ subject: world.listing._id, quantity: wish.quantity }, { author: `302-${i}`, now: noon })
      );
      const atOnce = allot({ ...inputOf(world), claims }, null);
      let inHeaps: AllotmentBody | null = null;
      let oneByOne: AllotmentBody | null = null;
      claims.forEach((_, i) => {
        const arrived = { ...inputOf(world), claims: claims.slice(0, i + 1) };
        oneByOne = allot(arrived, oneByOne);
        if (wishes[i]!.stops || i === claims.length - 1) inHeaps = allot(arrived, inHeaps);
      });
      expect(oneByOne).toEqual(atOnce);
      expect(inHeaps).toEqual(atOnce);
      const ones = wishes.every((wish) => wish.quantity === 1);
      if (ones)
        expect(atOnce.places.map((place) => place.state === 'given')).toEqual(claims.map((_, i) => i < capacity));
    })
  );
});

it('[S3] passes what is freed to the first in line that it fits', () => {
  fc.assert(
    fc.property(fc.array(quantity, { minLength: 2, maxLength: 12 }), fc.nat(11), (wishes, leaver) => {
      const world = newWorld({ quantity: 6 });
      const claims = wishes.map((wish, i) =>
        makeClaim({ subject: world.listing._id, quantity: wish }, { author: `302-${i}`, now: noon })
      );
      const before = allot({ ...inputOf(world), claims }, null);
      const gone = leaver % claims.length;
      const after = allot(
        { ...inputOf(world), claims: claims.with(gone, { ...claims[gone]!, status: 'withdrawn' }) },
        before
      );
      let free = before.left + (before.places[gone]!.state === 'given' ? wishes[gone]! : 0);
      before.places.forEach((place, i) => {
        if (i === gone || place.state === 'given') return;
        const fits = place.quantity <= free;
        if (fits) free -= place.quantity;
        expect(after.places[i]!.state).toBe(fits ? 'given' : 'waiting');
      });
      expect(after.left).toBe(free);
    })
  );
});

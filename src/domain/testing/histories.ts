import fc from 'fast-check';
import { allot } from '../allot.ts';
import type { AllotmentBody } from '../allotment/allotment.ts';
import { claimId, makeClaim, type Claim } from '../claim/claim.ts';
import { makeListing, type Listing } from '../listing/listing.ts';
import { offerOf, withTerms } from '../offer.ts';
import { makePick } from '../pick/pick.ts';
import { noon } from './kind-samples.ts';

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
export const quantity = fc.integer({ min: 1, max: 4 });

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

export const newWorld = (body: Partial<Listing> = {}): World => ({
  listing: makeListing({ title: 'Jujubes', quantity: 5, ...body }, giver),
  deleted: false,
  claims: new Map(),
  picks: [],
  left: new Set(),
  hours: 0
});

/** What the notary would hand to `allot` now. */
export function inputOf({ listing, deleted, claims, picks, left, hours }: World) {
  return {
    subject: listing._id,
    offer: deleted ? null : offerOf(listing),
    claims: [...claims.values()],
    picks: picks.map((author) => makePick({ subject: claimId(author, listing._id) }, giver)),
    leftPeople: new Set(left),
    now: new Date(Date.parse(noon) + hours * 3_600_000).toISOString()
  };
}

type Look = (world: World, answer: AllotmentBody, previous: AllotmentBody | null) => void;

/** Plays a history, the notary looking after every few steps, and shows each answer with what came before it. */
function play(history: readonly Step[], every: number, look: Look): void {
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

/** Fails on the first history, made as short as it gets, that has an answer `look` does not accept. */
export const holdsAlways = (look: Look) =>
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 4 }), (history, every) => play(history, every, look)),
    {
      numRuns: 80
    }
  );

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allot } from './allot.ts';
import type { AllotmentBody } from './allotment/allotment.ts';
import { makeClaim } from './claim/claim.ts';
import type { Listing } from './listing/listing.ts';
import { inputOf, newWorld, quantity } from './testing/histories.ts';
import { noon } from './testing/kind-samples.ts';

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

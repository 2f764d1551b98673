import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeClaim } from './claim/claim.ts';
import { makeHandover } from './handover/handover.ts';
import { mergeRecords, type AnyRecord } from './kinds.ts';
import { makeListing } from './listing/listing.ts';
import { kindSamples, noon } from './testing/kind-samples.ts';

const samples = kindSamples('lin');

describe('mergeRecords', () => {
  const at = (minute: number) => `2026-03-01T12:${String(minute).padStart(2, '0')}:00.000Z`;
  const tick = fc.option(fc.nat(59).map(at), { nil: undefined });
  const paid = fc.option(
    fc.nat(59).map((m) => ({ how: 'cash' as const, at: at(m) })),
    { nil: undefined }
  );
  const revision = fc.stringMatching(/^[1-9]-[0-9a-f]{4}$/);
  const claims = fc
    .record({ minute: fc.nat(59), quantity: fc.integer({ min: 1, max: 9 }), paid, receivedAt: tick, _rev: revision })
    .map(({ minute, _rev, ...body }): AnyRecord => ({
      ...makeClaim({ subject: 'fang:listing:jujubes', ...body }, { author: 'lin', now: noon }),
      updatedAt: at(minute),
      _rev
    }));
  const ticks = (record: AnyRecord) => (record.kind === 'claim' ? [!!record.paid, !!record.receivedAt] : []);

  it('[R10] keeps every tick of either device, and the later word for the rest', () => {
    fc.assert(
      fc.property(claims, claims, (winner, other) => {
        const merged = mergeRecords(winner, other);
        const later = other.updatedAt > winner.updatedAt ? other : winner;
        expect(merged).toMatchObject({ ...later, _rev: winner._rev });
        expect(ticks(merged)).toEqual(ticks(winner).map((set, i) => set || ticks(other)[i]));
        expect(mergeRecords(winner, winner)).toEqual(winner);
        expect(mergeRecords(merged, other)).toEqual(merged);
      })
    );
  });

  it('[R10] says the same from either side when one is later', () => {
    fc.assert(
      fc.property(claims, claims, (a, b) => {
        fc.pre(a.updatedAt !== b.updatedAt);
        expect({ ...mergeRecords(a, b), _rev: '' }).toEqual({ ...mergeRecords(b, a), _rev: '' });
      })
    );
  });

  it('[R10] compares moments and not their spelling', () => {
    const early = {
      ...makeListing({ title: 'Trousers' }, { author: 'lin', key: 'a', now: noon }),
      updatedAt: '2026-03-01T12:00:00Z'
    };
    const late = { ...early, title: 'Trousers, size S', updatedAt: '2026-03-01T12:00:00.5Z' };
    expect(mergeRecords(early, late)).toMatchObject({ title: late.title });
    expect(mergeRecords(late, early)).toMatchObject({ title: late.title });
  });

  it('[R10] keeps both ticks of a handover', () => {
    const by = { author: 'lin', now: noon };
    const subject = 'mei:claim:lin:listing:trousers';
    const one = makeHandover({ subject, paidAt: noon }, by);
    const two = makeHandover({ subject, handedOverAt: noon }, by);
    expect(mergeRecords(one, two)).toMatchObject({ paidAt: noon, handedOverAt: noon });
  });

  it('leaves a record alone that is another', () => {
    expect(mergeRecords(samples.listing, samples.comment)).toBe(samples.listing);
  });
});

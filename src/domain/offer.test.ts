import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noon } from './testing/kind-samples.ts';
import { makeListing, type Listing } from './listing/listing.ts';
import { isOpen, offerOf, termsChanged, withTerms } from './offer.ts';

const price = { amountMinor: 4500, currency: 'CNY' };
const trousers = makeListing({ title: 'Trousers', price }, { author: 'lin', key: 'trousers', now: noon });

describe('[R5] terms', () => {
  it.each<[string, Partial<Listing>]>([
    ['price', { price: null }],
    ['amount', { price: { ...price, amountMinor: 4400 } }],
    ['currency', { price: { ...price, currency: 'EUR' } }],
    ['unit', { unit: 'jin' }],
    ['quantity', { quantity: 2 }],
    ['rule', { rule: 'giver-picks' }],
    ['condition', { condition: 'worn once' }],
    ['closing time', { closesAt: noon }]
  ])('are raised by another %s, and by taking it back', (_, change) => {
    const changed = withTerms(trousers, change);
    expect(changed).toEqual({ ...trousers, ...change, terms: 2 });
    expect(
      withTerms(changed, {
        price,
        quantity: 1,
        rule: 'first-come',
        unit: undefined,
        condition: undefined,
        closesAt: undefined
      }).terms
    ).toBe(3);
  });

  it.each<[string, Partial<Listing>]>([
    ['title', { title: 'Trousers, size S' }],
    ['text', { text: 'Never worn' }],
    ['pictures', { photos: [`lin:photo:${'0'.repeat(64)}`] }],
    ['status', { status: 'closed' }],
    ['order of what a price says', { price: { currency: 'CNY', amountMinor: 4500 } }],
    ['number its author writes', { terms: 9 }]
  ])('are not raised by another %s', (_, change) => {
    expect(withTerms(trousers, change).terms).toBe(1);
  });

  it('count from 1 where nothing is said', () => {
    const { terms: _, ...silent } = trousers;
    expect(offerOf(silent).terms).toBe(1);
    expect(withTerms(silent, { quantity: 2 }).terms).toBe(2);
  });

  it('are raised just when they changed', () => {
    const some = fc.record({
      price: fc.constantFrom(null, price),
      quantity: fc.integer({ min: 1, max: 2 }),
      unit: fc.constantFrom(undefined, 'jin'),
      title: fc.constantFrom('Trousers', 'Jujubes')
    });
    fc.assert(
      fc.property(some, some, (one, two) => {
        const before = { ...trousers, ...one };
        const after = withTerms(before, two);
        expect(after.terms! > before.terms!).toBe(termsChanged(before, after));
        expect(termsChanged(before, after)).toBe(termsChanged(after, before));
        expect(termsChanged(before, { ...before })).toBe(false);
      })
    );
  });
});

describe('offerOf', () => {
  it('[R1] names the giver by the id alone', () => {
    expect(offerOf(trousers)).toMatchObject({
      id: 'lin:listing:trousers',
      author: 'lin',
      capacity: 1,
      partial: 'skip'
    });
  });

  it('is open until its closing time, by the clock it is shown', () => {
    const offer = offerOf({ ...trousers, closesAt: noon });
    expect(isOpen(offer, '2026-03-01T11:59:59.999Z')).toBe(true);
    expect(isOpen(offer, '2026-03-01T12:00:00Z')).toBe(false);
    expect(isOpen(offerOf(trousers), '2999-01-01T00:00:00Z')).toBe(true);
    expect(isOpen(offerOf({ ...trousers, status: 'closed' }), noon)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { makeListing } from '#domain/listing/listing.ts';
import { bodyOf, draftOf, newDraft, problemsOf } from './draft.ts';

const now = Date.parse('2026-11-22T08:00:00Z');
const at = { author: 'lin', now: '2026-11-22T08:00:00.000Z', key: 'a1' };

describe('a post while it is written', () => {
  it('takes the first line as the title and the rest as the text', () => {
    const body = bodyOf(newDraft({ words: '  Trousers, size S \n\nNever worn.\nTag on.', free: true }), []);
    expect(body).toMatchObject({ title: 'Trousers, size S', text: 'Never worn.\nTag on.', price: null });
  });

  it('asks for words and for a price or “free”, each beside its field', () => {
    expect(Object.keys(problemsOf(newDraft(), 0, now))).toEqual(['words', 'price']);
    expect(problemsOf(newDraft({ words: 'Lamp', free: true }), 0, now)).toEqual({});
    expect(problemsOf(newDraft({ words: 'Lamp', haggle: 'swap' }), 0, now)).toEqual({});
    expect(Object.keys(problemsOf(newDraft({ words: 'Lamp', price: 'a lot' }), 0, now))).toEqual(['price']);
  });

  it('lets a wanted thing stand without a price', () => {
    expect(problemsOf(newDraft({ words: 'A drill for Saturday', direction: 'wanted' }), 0, now)).toEqual({});
  });

  it('refuses a closing time that is over, a title too long and a tenth picture', () => {
    const draft = newDraft({ words: 'x'.repeat(201), free: true, closesAt: '2020-01-01T10:00' });
    expect(Object.keys(problemsOf(draft, 10, now))).toEqual(['words', 'closesAt', 'photos']);
  });

  it('counts money in whole minor units', () => {
    expect(bodyOf(newDraft({ words: 'Jujubes', price: '12.5' }), []).price).toEqual({
      amountMinor: 1250,
      currency: 'CNY'
    });
  });

  it('[S17] opens an edit as the listing stands and saves it back unchanged', () => {
    const listing = makeListing(
      {
        title: 'Jujubes',
        text: 'Monday’s.',
        price: { amountMinor: 1250, currency: 'CNY' },
        haggle: 'negotiable',
        quantity: 5,
        unit: 'kg',
        rule: 'giver-picks',
        partial: 'split',
        category: 'food',
        closesAt: '2026-11-28T12:00:00.000Z'
      },
      at
    );
    expect(makeListing(bodyOf(draftOf(listing), listing.photos), at)).toEqual(listing);
  });
});

import { expect, it } from 'vitest';
import { changedBy, priceAfter } from './price-change.ts';

const yuan = (amount: number) => ({ amountMinor: Math.round(amount * 100), currency: 'CNY' });

it('[S17] sets one price for all, zero meaning free', () => {
  expect(priceAfter(yuan(45), { kind: 'set', amountMinor: 2000 }, 'CNY')).toEqual(yuan(20));
  expect(priceAfter(null, { kind: 'set', amountMinor: 2000 }, 'CNY')).toEqual(yuan(20));
  expect(priceAfter(yuan(45), { kind: 'set', amountMinor: 0 }, 'CNY')).toBeNull();
});

it('[S17] takes a share off what has a price and leaves free things free', () => {
  expect(priceAfter(yuan(45), { kind: 'less', percent: 10 }, 'CNY')).toEqual(yuan(40.5));
  expect(priceAfter(yuan(9.99), { kind: 'less', percent: 50 }, 'CNY')).toEqual(yuan(5));
  expect(priceAfter(null, { kind: 'less', percent: 50 }, 'CNY')).toBeNull();
});

it('[S17] changes nothing that is priced so already, and no free thing by a cut', () => {
  const [lamp, mug, gift] = [{ price: yuan(45) }, { price: yuan(20) }, { price: null }];
  const things = [lamp, mug, gift];
  expect(changedBy(things, { kind: 'less', percent: 50 }, 'CNY')).toEqual([lamp, mug]);
  expect(changedBy(things, { kind: 'set', amountMinor: 2000 }, 'CNY')).toEqual([lamp, gift]);
  expect(changedBy(things, { kind: 'set', amountMinor: 0 }, 'CNY')).toEqual([lamp, mug]);
});

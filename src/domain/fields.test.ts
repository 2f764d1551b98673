import { describe, expect, it } from 'vitest';
import { parseRecord } from './record.ts';
import { kindSamples, noon } from './testing/kind-samples.ts';

const samples = kindSamples('lin');

describe('fields', () => {
  it('show on one line what a list shows', () => {
    const title = (value: unknown) => parseRecord({ ...samples.listing, title: value }).ok;
    expect(['裤子', 'x'.repeat(200)].every(title)).toBe(true);
    expect(['', ' \n', 'x'.repeat(201)].some(title)).toBe(false);
    expect(['', ' '].some((text) => parseRecord({ ...samples.comment, text }).ok)).toBe(false);
  });

  it('lead from a payment only to where a phone pays', () => {
    const pays = (payment: unknown) => parseRecord({ ...samples.person, payment }).ok;
    expect(['https://pay.example/lin', 'wxp://f2f0abc', samples.photo._id].every(pays)).toBe(true);
    expect(['javascript:alert(1)', 'data:text/html,x', 'lin', '', 7].some(pays)).toBe(false);
  });

  it('count things from 1 to 9,999 and money from nothing', () => {
    const quantity = (value: unknown) => parseRecord({ ...samples.listing, quantity: value }).ok;
    expect([1, 60, 9_999].every(quantity)).toBe(true);
    expect([0, -1, 1.5, 10_000, '1', NaN].some(quantity)).toBe(false);
    const price = (value: unknown) => parseRecord({ ...samples.listing, price: value }).ok;
    expect([null, { amountMinor: 0, currency: 'CNY' }, { amountMinor: 4500, currency: 'CNY' }].every(price)).toBe(true);
    const wrong = [{ amountMinor: -1, currency: 'CNY' }, { amountMinor: 0.5, currency: 'CNY' }, { amountMinor: 1 }, 45];
    expect([...wrong, { amountMinor: 2 ** 53, currency: 'CNY' }, { amountMinor: 1, currency: 'cny' }].some(price)).toBe(
      false
    );
  });

  it('name pictures by whole record ids, nine at most', () => {
    const photos = (value: unknown) => parseRecord({ ...samples.listing, photos: value }).ok;
    const id = samples.photo._id;
    expect([[], [id], Array(9).fill(id)].every(photos)).toBe(true);
    expect([Array(10).fill(id), ['0123'], [samples.listing._id], id, [null]].some(photos)).toBe(false);
  });

  it('know only moments that the calendar has', () => {
    const moment = (value: unknown) => parseRecord({ ...samples.listing, closesAt: value }).ok;
    expect([noon, '2028-02-29T23:59:59Z', '2026-03-01T12:00:00.123456Z'].every(moment)).toBe(true);
    const wrong = [
      '2026-02-29T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-01-01T24:00:00Z',
      '2026-01-01',
      '2026-01-01T00:00:00+08:00'
    ];
    expect([...wrong, '', 'tomorrow', 1_772_000_000_000].some(moment)).toBe(false);
  });
});

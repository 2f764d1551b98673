import { expect, test } from 'vitest';
import { firstRevision, seededListings } from './documents.ts';
import { median, percentile, rotated } from './figures.ts';
import { aheadOf, lineOf } from './row.ts';
import { parseRecord } from '#domain/record.ts';

test('percentiles are samples that were taken, the median stands between the two in the middle', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([1, 2, 3, 10])).toBe(2.5);
  expect(percentile([3, 1, 2], 99)).toBe(3);
  expect(
    percentile(
      Array.from({ length: 100 }, (_, index) => index + 1),
      95
    )
  ).toBe(95);
  expect(() => median([])).toThrow(RangeError);
});

test('every engine comes first once', () => {
  expect([0, 1, 2, 3].map((run) => rotated(['a', 'b', 'c'], run).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
});

test('a target is met by what was measured, not by what is printed', () => {
  const row = { id: 'B0', what: 'nothing' };
  const check = { what: 'median', value: 10.04, unit: 'ms', atMost: 10 };
  const line = lineOf(row, { unit: 'ms', ours: [10.04], checks: [check] });
  expect(line).toMatchObject({ ours: 10, target: 'median ≤ 10 ms', met: false, ratio: null, equal: null });
  expect(lineOf(row, { unit: 'ms', ours: [9], checks: [{ ...check, value: 9 }] }).met).toBe(true);
});

test('answers that differ meet no target, however fast', () => {
  expect(lineOf({ id: 'B0', what: 'nothing' }, { unit: 'ms', ours: [1], equal: false, checks: [] }).met).toBe(false);
});

test('the best peer is the one to be ahead of, and less than a tenth is a tie', () => {
  const peers = { rxdb: [100], pouchdb: [10] };
  const line = (ours: number) =>
    lineOf({ id: 'B0', what: 'x' }, { unit: 'ms', ours: [ours], peers, checks: [aheadOf(peers, [ours])] });
  expect(line(5)).toMatchObject({ ratio: 2, met: true, peers: { rxdb: 100, pouchdb: 10 } });
  expect(line(10.9).met).toBe(true);
  expect(line(11.2).met).toBe(false);
});

test('the same seed makes the same listings, and the domain takes every one of them', () => {
  const listings = seededListings(302, 200);
  expect(seededListings(302, 200)).toEqual(listings);
  expect(seededListings(303, 200)).not.toEqual(listings);
  expect(new Set(listings.map(({ _id }) => _id)).size).toBe(200);
  expect(listings.every((one, index) => parseRecord(firstRevision(one, index)).ok)).toBe(true);
  expect(listings.some(({ title }) => /\p{Script=Han}/u.test(title))).toBe(true);
});

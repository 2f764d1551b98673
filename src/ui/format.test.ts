import { expect, test } from 'vitest';
import { formatNumber } from './format.ts';

test('numbers are grouped from a thousand on, and small ones stand as they are', () => {
  expect([0, 7, 999, 1_000, 12_345, 2.5].map(formatNumber)).toEqual(['0', '7', '999', '1,000', '12,345', '2.5']);
});

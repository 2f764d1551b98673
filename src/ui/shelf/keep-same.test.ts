import { expect, it } from 'vitest';
import { keepSame } from './keep-same.ts';

it('keeps the rows that did not change and takes those that did', () => {
  const lamp = { id: 'lamp', left: 1 };
  const chair = { id: 'chair', left: 1 };
  const now = keepSame(
    [lamp, chair],
    [
      { id: 'mug', left: 1 },
      { id: 'lamp', left: 1 },
      { id: 'chair', left: 0 }
    ]
  );
  expect(now[1]).toBe(lamp);
  expect(now[2]).toEqual({ id: 'chair', left: 0 });
  expect(now.map(({ id }) => id)).toEqual(['mug', 'lamp', 'chair']);
});

it('is the old list itself while nothing changed, however deep one looks', () => {
  const before = [{ id: 'lamp', price: { amountMinor: 100 }, names: ['Mei'] }];
  expect(keepSame(before, structuredClone(before))).toBe(before);
  const [raised] = keepSame(before, [{ id: 'lamp', price: { amountMinor: 200 }, names: ['Mei'] }]);
  expect(raised).toMatchObject({ price: { amountMinor: 200 } });
  expect(keepSame(before, [])).toEqual([]);
});

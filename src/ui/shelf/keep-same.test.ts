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

import { expect, test } from 'vitest';
import { firstLetter } from './face.ts';

test('a face shows the first whole letter of a name, in any script, and something where there is none', () => {
  expect(['lin', ' 王奶奶', '👩‍👧 home', ''].map(firstLetter)).toEqual(['L', '王', '👩‍👧', '?']);
});

import { expect, it } from 'vitest';
import { parseSequence, sequenceText } from './sequence.ts';

it.each([
  ['its own', sequenceText(7, 'abc'), 7],
  ['a bare number', '7', 7],
  ['quoted, as some clients send it', '"7-abc"', 7],
  ['now', 'now', 9],
  ['another database of that name', '7-xyz', 0],
  ['from before a restore', '12-abc', 0],
  ['no sequence', 'seven', null]
])('a sequence that is %s is read on from the right place', (_, text, place) => {
  expect(parseSequence(text, 'abc', 9)).toBe(place);
});

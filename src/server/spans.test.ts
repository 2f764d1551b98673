import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSpans, parseSpan, spanText } from './spans.ts';

it('a span comes back from its header, and CouchDB’s answer has none', () => {
  expect(parseSpan(spanText({ from: '3-a', to: '4-a' }))).toEqual({ from: '3-a', to: '4-a' });
  expect(parseSpan(null)).toBeUndefined();
  expect(parseSpan('3-a')).toBeUndefined();
});

it('writes that follow on each other need no reading, in whatever order they are heard of', () => {
  const spans = createSpans();
  expect(spans.skip('c-302', { from: '0', to: '1' })).toBe(false);
  spans.read('c-302', '1');
  expect(spans.skip('c-302', { from: '2', to: '3' })).toBe(false);
  expect(spans.skip('c-302', { from: '1', to: '2' })).toBe(true);
  expect(spans.placeIn('c-302', '0')).toBe('3');
  expect(spans.placeIn('c-303', '0')).toBe('0');
});

it('the place to read on is never behind a write that was not skipped, whatever is heard, lost or read in between', () => {
  type Write = { relevant: boolean; heard: boolean };
  const write = fc.record({ relevant: fc.boolean(), heard: fc.boolean() });
  const order = fc.infiniteStream(fc.nat());
  fc.assert(
    fc.property(fc.array(write, { maxLength: 30 }), order, (writes: Write[], draw) => {
      const spans = createSpans();
      spans.read('c-302', '0');
      const unheard = writes.map((one, at) => ({ ...one, at })).filter(({ heard, relevant }) => heard && !relevant);
      while (unheard.length > 0) {
        const [next] = unheard.splice(draw.next().value! % unheard.length, 1);
        spans.skip('c-302', { from: String(next!.at), to: String(next!.at + 1) });
        const place = Number(spans.placeIn('c-302', '0'));
        // Everything before the place was heard of and is nobody's business.
        expect(writes.slice(0, place).every(({ relevant, heard }) => heard && !relevant)).toBe(true);
      }
    })
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFault } from './json.ts';

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length;

/** One of each length in UTF-8, and of each way to be escaped. */
const letter = fc.constantFrom('a', '"', '\\', '\n', '\u0001', '\u2028', '\u007f', 'é', '枣', '😀');

describe('jsonFault', () => {
  it('weighs to the byte what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: letter }), (value) => {
        const bytes = bytesOf(value);
        expect(jsonFault(value, bytes)).toBeNull();
        expect(jsonFault(value, bytes - 1)).toBe('too-large');
      })
    );
  });

  it('takes a field that is undefined as absent', () => {
    expect(jsonFault({ a: 1, b: undefined }, bytesOf({ a: 1 }))).toBeNull();
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const deep = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], []);

  it.each([
    ['a cycle', cycle],
    ['a depth of 100,000', deep],
    ['NaN', { price: NaN }],
    ['Infinity', [Infinity]],
    ['a lone surrogate', { text: 'a\ud800' }],
    ['a lone surrogate in a name', { '\udc00': 1 }],
    ['a function', { toJSON: () => 'x' }],
    ['a date', { at: new Date(0) }],
    ['a map', new Map()],
    ['a symbol', { a: Symbol('a') }],
    ['a big integer', 1n],
    ['nothing in a list', [undefined]],
    ['nothing', undefined]
  ])('finds %s', (_, value) => {
    expect(jsonFault(value, 32_768)).toBe('not-json');
  });

  it('bears 64 levels and no 65th', () => {
    const levels = (count: number) => Array.from({ length: count }).reduce<unknown>((inner) => [inner], 'x');
    expect(jsonFault(levels(64), 32_768)).toBeNull();
    expect(jsonFault(levels(65), 32_768)).toBe('not-json');
  });

  it('ends early on what doubles with every level', () => {
    const doubling = Array.from({ length: 60 }).reduce<unknown>((inner) => [inner, inner], []);
    expect(jsonFault(doubling, 32_768)).toBe('too-large');
    expect(jsonFault('x'.repeat(100_000_000), 32_768)).toBe('too-large');
  });
});

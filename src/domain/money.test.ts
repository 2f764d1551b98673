import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minorDigits, parsePriceMinor } from './money.ts';

const letter = fc.constantFrom('0', '9', '４', '.', ',', '，', '¥', '元', ' ', '-', 'e', '枣', '\0', '\ud800');

describe('parsePriceMinor', () => {
  it.each([
    ['45', 4500],
    ['45.5', 4550],
    ['45.', 4500],
    ['.5', 50],
    ['0', 0],
    ['¥45', 4500],
    ['￥ 45.00', 4500],
    ['４５．５', 4550],
    ['45元', 4500],
    ['45 块', 4500],
    ['RMB 45', 4500],
    ['12,50', 1250],
    ['１２，５', 1250],
    ['12。5', 1250],
    ['1,200', 120000],
    ['1,234,567.89', 123456789]
  ])('reads %j', (text, minor) => {
    expect(parsePriceMinor(text, 'CNY')).toBe(minor);
  });

  it.each([
    '',
    ' ',
    '.',
    '¥',
    'free',
    '免费',
    '-5',
    '+5',
    '1e3',
    '0x10',
    '45.555',
    '1.200',
    '1,23,456',
    '12,345,6',
    '1.2.3',
    '4 5',
    '45-50',
    'Infinity',
    'NaN',
    '99999999999999999'
  ])('refuses %j rather than guess', (text) => {
    expect(parsePriceMinor(text, 'CNY')).toBeNull();
  });

  it('reads no page as a price', () => {
    expect(parsePriceMinor(' '.repeat(1_000_000) + '9', 'CNY')).toBeNull();
  });

  it('goes by the digits of the currency', () => {
    expect(parsePriceMinor('450', 'JPY')).toBe(450);
    expect(parsePriceMinor('4.5', 'JPY')).toBeNull();
    expect(parsePriceMinor('4.505', 'KWD')).toBe(4505);
    expect([minorDigits('CNY'), minorDigits('JPY'), minorDigits('KWD'), minorDigits('nonsense')]).toEqual([2, 0, 3, 2]);
  });

  it('reads every sum as it is written, to the last fen', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000), (minor) => {
        const text = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;
        expect(parsePriceMinor(text, 'CNY')).toBe(minor);
        const grouped = new Intl.NumberFormat('en', { style: 'currency', currency: 'CNY' }).format(minor / 100);
        expect(parsePriceMinor(grouped.replace('CN', ''), 'CNY')).toBe(minor);
      })
    );
  });

  it('yields whole units or null for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: letter }), fc.string(), (text, currency) => {
        const minor = parsePriceMinor(text, currency);
        expect(minor === null || (Number.isSafeInteger(minor) && minor >= 0)).toBe(true);
      })
    );
  });
});

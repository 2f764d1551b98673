import { describe, expect, it } from 'vitest';
import { errorBody, errorTable, localeOf, type ErrorCode } from './errors.ts';

describe('refusals', () => {
  it.each(Object.keys(errorTable) as ErrorCode[])('%s has a sentence in both languages', (code) => {
    const sentences = (['en', 'zh-CN'] as const).map(
      (locale) => errorBody({ code, field: undefined }, locale).error.message
    );
    expect(sentences[0]).toMatch(/^[A-Z].*\.$/);
    expect(sentences[1]).toMatch(/\p{Script=Han}.*。$/u);
  });

  it.each([
    [undefined, 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['en-GB,en;q=0.9,zh;q=0.8', 'en'],
    ['fr, zh-TW;q=0.3, en;q=0.2', 'zh-CN'],
    ['zh;q=0, en', 'en'],
    ['*', 'en'],
    [';;q=,=', 'en']
  ])('to a caller who accepts %s are in %s', (accept, locale) => {
    expect(localeOf(accept)).toBe(locale);
  });
});

import { expect, it } from 'vitest';
import { guessCategory } from './guess-category.ts';

it.each([
  ['S 码裤子，没穿过', 'clothes'],
  ['Size-S trousers, never worn', 'clothes'],
  ['手织毛衣，给十岁左右的孩子', 'clothes'],
  ['新疆大枣，多买了', 'food'],
  ['Windfall apples, by the jin', 'food'],
  ['绘本一摞，三到五岁', 'books'],
  ['书桌台灯，暖光', 'home'],
  ['Bookshelf, 2 m', 'home'],
  ['多肉两盆', 'home'],
  ['婴儿车，可折叠', 'kids'],
  ['求：冲击钻用一个下午', 'tools'],
  ['Toolbox with what is in it', 'tools']
] as const)('“%s” is told to be of the kind %s', (words, category) => {
  expect(guessCategory(words)).toBe(category);
});

it('goes by the first line alone and says nothing where no word is a sign', () => {
  expect(guessCategory('Umbrella\nHung beside the books')).toBeUndefined();
  expect(guessCategory('龟背竹小苗')).toBeUndefined();
  expect(guessCategory('')).toBeUndefined();
});

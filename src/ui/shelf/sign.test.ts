import { expect, it } from 'vitest';
import { signOf } from './sign.ts';

it.each([
  ['Enamel mug', 'Enamel'],
  ['Lamp, warm light', 'Lamp'],
  ['Size-S trousers', 'Size-S'],
  ['Refrigerator', 'Refriger'],
  ['电饭煲 3 升', '电饭煲'],
  ['雨伞，八成新', '雨伞'],
  ['新疆大枣，多买了', '新疆大枣'],
  ['S 码裤子', 'S 码裤'],
  ['…', '']
])('“%s” stands as “%s” where it has no picture', (title, sign) => {
  expect(signOf(title)).toBe(sign);
});

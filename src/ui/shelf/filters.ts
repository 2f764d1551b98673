import { m } from '#messages';
import { categoryOptions, type Category } from '../listing/words.ts';

export type Choice = 'newest' | 'free' | 'wanted' | 'mine' | Category;

/** The chips above the shelf, in the order people reach for them. */
export function choices(): { value: Choice; label: string }[] {
  const [clothes, food, books, ...others] = categoryOptions();
  return [
    { value: 'newest', label: m.shelf_newest() },
    clothes!,
    food!,
    books!,
    { value: 'free', label: m.listing_free() },
    { value: 'wanted', label: m.shelf_wanted() },
    { value: 'mine', label: m.nav_mine() },
    ...others
  ];
}

/** The same choice as the query's filter. */
export function toFilter(choice: Choice) {
  if (choice === 'newest') return {};
  if (choice === 'free') return { free: true };
  if (choice === 'wanted') return { direction: 'wanted' as const };
  if (choice === 'mine') return { mine: true };
  return { category: choice };
}

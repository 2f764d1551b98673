import { ask } from '../device.ts';
import type { ShelfCard } from '#domain/views.ts';

export type ShelfFilter = {
  category?: string;
  free?: boolean;
  direction?: 'offer' | 'wanted';
  mine?: boolean;
};

/**
 * The newest listings of a circle that the shelf shows; `mine` shows all of mine, in every state. Null before anything of
 * the circle has reached this device: nobody knows yet whether the shelf is empty.
 */
export function shelfPage(of: { circle: string; filter: ShelfFilter; limit: number }): Promise<ShelfCard[] | null> {
  const { category, free, direction, mine } = of.filter;
  return ask('shelfPage', { circle: of.circle, filter: { category, free, direction, mine }, limit: of.limit });
}

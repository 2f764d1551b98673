import type { ShelfCard } from './views.ts';

export type ShelfFilter = {
  category?: string;
  free?: boolean;
  direction?: 'offer' | 'wanted';
  mine?: boolean;
};

/** The newest listings of a circle that the shelf shows; `mine` shows all of mine, in every state. */
export async function shelfPage(ask: { circle: string; filter: ShelfFilter; limit: number }): Promise<ShelfCard[]> {
  void ask;
  return [];
}

import type { ShelfCard } from './views.ts';

/** Listings of a circle that match the words typed so far, best first. */
export async function searchShelf(circle: string, text: string, limit: number): Promise<ShelfCard[]> {
  void [circle, text, limit];
  return [];
}

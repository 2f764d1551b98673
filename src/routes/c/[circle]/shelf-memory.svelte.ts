import type { ShelfCard } from '#data/queries/views.ts';
import type { Choice } from '#ui/shelf/filters.ts';

const firstWindow = 50;

/** How one left a circle's shelf, so that coming back from an item shows the same rows at the same height at once. */
class ShelfMemory {
  words = $state('');
  choice = $state<Choice>('newest');
  limit = $state(firstWindow);
  cards: ShelfCard[] = [];

  reset() {
    this.words = '';
    this.choice = 'newest';
    this.limit = firstWindow;
  }
}

const byCircle: Record<string, ShelfMemory> = {};

/** Of a circle that is mine; its id is an account's form, never a property of objects. */
export function shelfMemory(circle: string): ShelfMemory {
  return (byCircle[circle] ??= new ShelfMemory());
}

import { version } from '$app/environment';
import { firstScreen } from '#data/first-screen.ts';
import type { ShelfCard } from '#domain/views.ts';
import type { Choice } from '#ui/shelf/filters.ts';
import { keepSame } from '#ui/shelf/keep-same.ts';

const firstWindow = 50;

/** How one left a circle's shelf, so that coming back from an item shows the same rows at the same height at once. */
class ShelfMemory {
  words = $state('');
  choice = $state<Choice>('newest');
  limit = $state(firstWindow);
  cards: readonly ShelfCard[];
  heights = new Map<string, number>();
  #shelf: Parameters<typeof firstScreen.keep>[0];

  constructor(account: string, circle: string) {
    this.#shelf = { account, circle, version };
    this.cards = firstScreen.of(this.#shelf, Date.now());
  }

  keep(cards: readonly ShelfCard[]): readonly ShelfCard[] {
    this.cards = keepSame(this.cards, cards);
    if (this.choice === 'newest' && this.words.trim() === '') firstScreen.keep(this.#shelf, this.cards);
    return this.cards;
  }

  reset() {
    this.words = '';
    this.choice = 'newest';
    this.limit = firstWindow;
  }
}

const byShelf: Record<string, ShelfMemory> = {};

/** Each person's own, so that whoever signs in next at this browser meets none of it. */
export function shelfMemory(account: string, circle: string): ShelfMemory {
  return (byShelf[`${account} ${circle}`] ??= new ShelfMemory(account, circle));
}

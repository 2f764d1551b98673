import type { ShelfCard } from '#domain/views.ts';
import { onDevice } from './device.ts';
import { meInPage } from './names.ts';

const key = 'jujube:first-screen';
// As many as a phone shows before anybody has scrolled.
const most = 8;

/** `version` is the app's: what an older one kept need not be what this one draws. */
type Shelf = { account: string; circle: string; version: string };
type Kept = Shelf & { cards: readonly ShelfCard[] };

/**
 * What the shelf showed last, for a page to draw before its worker can answer, whose start is more than half of a cold
 * one. One circle's, one person's; gone as soon as rows of that circle change, and with everything else at sign-out.
 */
export function createFirstScreen(deps: {
  storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Hears of every circle whose rows changed, in this tab or another. */
  onChanged(listener: (circle: string) => void): void;
  whenIdle(work: () => void): void;
}) {
  const { storage, whenIdle } = deps;
  let pending: Kept | null = null;
  let isListening = false;

  /** A shelf that is looked at keeps the new rows in a moment; one that is not has nothing to show any more. */
  function listen(): void {
    if (isListening) return;
    isListening = true;
    deps.onChanged((circle) => {
      if ((pending ?? read())?.circle === circle) forget();
    });
  }

  function read(): Kept | null {
    try {
      return JSON.parse(storage().getItem(key) ?? 'null') as Kept | null;
    } catch {
      return null;
    }
  }

  function forget(): void {
    pending = null;
    storage().removeItem(key);
  }

  function write(): void {
    const kept = pending;
    pending = null;
    // Signed out meanwhile, here or in another tab: nothing of that person is left behind.
    if (!kept || !storage().getItem(meInPage)?.includes(`"id":"${kept.account}"`)) return;
    try {
      storage().setItem(key, JSON.stringify(kept));
    } catch {
      forget(); // full
    }
  }

  return {
    /** The first cards of this circle's shelf as this person saw it last, or none. */
    of({ account, circle, version }: Shelf, now: number): readonly ShelfCard[] {
      listen();
      const kept = read();
      if (kept?.account !== account || kept.circle !== circle || kept.version !== version) return [];
      return kept.cards.filter(({ closesAt }) => closesAt === undefined || Date.parse(closesAt) > now);
    },

    keep(shelf: Shelf, cards: readonly ShelfCard[]): void {
      listen();
      pending = { ...shelf, cards: cards.slice(0, most) };
      whenIdle(write);
    },

    /** The person has left that circle. */
    forgetUnless(circles: readonly string[]): void {
      const kept = read();
      if (kept && !circles.includes(kept.circle)) forget();
    }
  };
}

export const firstScreen = createFirstScreen({
  storage: () => localStorage,
  onChanged: (listener) => void onDevice((told) => told.type === 'changed' && listener(told.circle)),
  whenIdle: (work) => void (typeof requestIdleCallback === 'function' ? requestIdleCallback(work) : setTimeout(work))
});

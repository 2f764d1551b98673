import type { ShelfCard } from '#domain/views.ts';
import { m } from '#messages';
import { amountWords } from '../listing/words.ts';

export type Tag = { tone: '' | 'tea' | 'honey'; words: string };

/** What stands on a card's picture: my own standing first, else the thing's; nothing on what is simply there. */
export function tagOf(card: ShelfCard): Tag | null {
  if (card.state === 'gone') return { tone: '', words: m.shelf_gone() };
  if (card.mine === 'to-confirm') return { tone: 'honey', words: m.shelf_to_confirm() };
  if (card.mine === 'given') return { tone: 'tea', words: m.shelf_yours() };
  if (card.mine === 'unsent' || card.mine === 'asked') return { tone: 'honey', words: m.shelf_asked() };
  if (card.mine === 'waiting') return { tone: 'honey', words: m.shelf_in_line() };
  if (card.state === 'reserved') {
    const [first, ...others] = card.heldFor ?? [];
    if (first === undefined) return { tone: 'tea', words: m.shelf_reserved() };
    return { tone: 'tea', words: others.length ? m.shelf_reserved() : m.shelf_kept_for({ name: first }) };
  }
  if (card.direction === 'wanted') return { tone: 'honey', words: m.shelf_wanted() };
  if (card.left < card.quantity || card.quantity > 1) {
    return { tone: '', words: m.shelf_left({ amount: amountWords(card.left, card.unit) }) };
  }
  return null;
}

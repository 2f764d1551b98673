import { sameConditions, type Offer } from '../offer.ts';
import type { TermsEntry } from './allotment.ts';

/** Far more changes than one thing sees; whoever makes more keeps only the newest. */
const termsKept = 200;

/**
 * R5: the history with the offer's conditions as the hub has just received them. It is the conditions that count, not
 * their author's word: whoever changes them without raising `terms` has them raised here.
 */
export function termsHistory(before: readonly TermsEntry[], offer: Offer | null, now: string): TermsEntry[] {
  const last = before.at(-1);
  if (!offer) return [...before];
  if (last && offer.terms <= last.terms && sameConditions(last, offer.conditions)) return [...before];
  const sneaked = last && !sameConditions(last, offer.conditions);
  const terms = sneaked ? Math.max(offer.terms, last.terms + 1) : offer.terms;
  return [...before, { terms, ...offer.conditions, at: now }].slice(-termsKept);
}

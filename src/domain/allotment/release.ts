import { authorOf } from '../id.ts';
import type { Place, WhyCode } from './allotment.ts';
import { isStale, isStanding, refused, type Settling } from './settling.ts';

/** How long a claim on older terms keeps its place unconfirmed: two evenings to look at one's phone (R5). */
export const hoursToConfirm = 48;

/** When a place that waits since then for its author's word is released, in milliseconds. */
export function confirmBy(since: string): number {
  return Date.parse(since) + hoursToConfirm * 3_600_000;
}

/** The place, over where its claim, its author, the offer or its time is. */
export function release(settling: Settling, place: Place): Place {
  const code = isStanding(place) ? releaseCode(settling, place) : null;
  return code ? refused(place, code) : place;
}

function releaseCode(settling: Settling, place: Place): WhyCode | null {
  const { claimsById, handedOver, leftPeople, offer, now } = settling;
  const claim = claimsById.get(place.claim);
  if (claim?.status !== 'standing') return 'withdrawn';
  if (place.state === 'given' && (claim.receivedAt || handedOver.has(place.claim))) return null;
  if (leftPeople.has(authorOf(place.claim))) return 'left';
  if (settling.gone) return 'offer-withdrawn';
  if (authorOf(place.claim) === offer?.author) return 'own-offer';
  const unconfirmed = place.state === 'to-confirm' && (claim.terms ?? 1) < (place.terms ?? 1);
  return unconfirmed && place.since !== undefined && confirmBy(place.since) <= Date.parse(now) ? 'not-confirmed' : null;
}

/** R5: what is not given yet and stands on older terms keeps its place and waits for its author's word, 48 h for each new terms. */
export function confirm(settling: Settling, place: Place): Place {
  if (place.state !== 'waiting' && place.state !== 'to-confirm') return place;
  const { since, terms, ...rest } = place;
  if (!isStale(settling, settling.claimsById.get(place.claim))) return { ...rest, state: 'waiting' };
  const waitsAlready = since !== undefined && terms === settling.terms;
  return { ...rest, state: 'to-confirm', since: waitsAlready ? since : settling.now, terms: settling.terms };
}

import { refusedPlacesKept, type AllotmentBody, type Place } from './allotment/allotment.ts';
import { follow } from './allotment/follow.ts';
import { give, lineUp } from './allotment/give.ts';
import { confirm, confirmBy, release } from './allotment/release.ts';
import { holdsBack, isStanding, settlingOf, type AllotInput, type Settling } from './allotment/settling.ts';
import { termsHistory } from './allotment/terms-history.ts';
import type { Rule } from './listing/listing.ts';
import type { Offer } from './offer.ts';

export type { AllotInput } from './allotment/settling.ts';

/** The rules that `allot` settles by; under the others every claim waits. */
export const offeredRules = ['first-come', 'giver-picks'] as const satisfies readonly Rule[];

/**
 * R6: who has how many, who waits where, and why. Pure and total; equal input gives an equal answer, and
 * its own answer as `previous` gives the same again, so that the notary writes only what changed.
 */
export function allot(input: AllotInput, previous: AllotmentBody | null): AllotmentBody {
  const terms = termsHistory(previous?.terms ?? [], input.offer, input.now);
  const settling = settlingOf(input, terms.at(-1)?.terms ?? 1);

  const { places: numbered, next } = follow(settling, previous?.places ?? [], previous?.next ?? 1);
  const standing = numbered.map((place) => release(settling, place)).map((place) => confirm(settling, place));
  const { places: given, left } = give(settling, standing);
  return { subject: input.subject, left, next, terms, places: prune(settling, lineUp(settling, given, left)) };
}

/** When the notary must look again though nothing arrives: a confirmation runs out, the offer closes. Null: never. */
export function nextDeadline(allotment: AllotmentBody, offer: Offer | null, now: string): string | null {
  const ends = allotment.places.flatMap((place) =>
    place.state === 'to-confirm' && place.since ? [confirmBy(place.since)] : []
  );
  if (offer?.state === 'open' && offer.closesAt !== undefined) ends.push(Date.parse(offer.closesAt));
  const ahead = ends.filter((end) => end > Date.parse(now));
  return ahead.length === 0 ? null : new Date(Math.min(...ahead)).toISOString();
}

/** The newest places that are over, and older ones while they hold back a claim that would else count as new. */
function prune(settling: Settling, places: readonly Place[]): Place[] {
  let tooMany = places.filter((place) => !isStanding(place)).length - refusedPlacesKept;
  return places.filter((place) => {
    if (isStanding(place) || tooMany <= 0) return true;
    const holds = settling.claimsById.get(place.claim)?.status === 'standing' && holdsBack(settling, place);
    if (!holds) tooMany -= 1;
    return holds;
  });
}

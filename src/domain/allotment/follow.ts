import type { Claim } from '../claim/claim.ts';
import type { RecordId } from '../id.ts';
import type { Place, Why } from './allotment.ts';
import { asked, holdsBack, isStanding, refused, sized, type Settling } from './settling.ts';

/** Each claim's places made to sum up to what it asks: less is taken from its newest, more is a new wish at the end. */
export function follow(settling: Settling, before: readonly Place[], firstNext: number) {
  const placesByClaim = Map.groupBy(
    before.toSorted((a, b) => a.arrival - b.arrival),
    (place) => place.claim
  );
  let next = firstNext;
  for (const claim of inOrder(settling, placesByClaim)) {
    if (claim.status !== 'standing') continue;
    const places = placesByClaim.get(claim._id) ?? [];
    const missing = claim.quantity - places.filter(isStanding).reduce((sum, place) => sum + asked(place), 0);
    if (missing < 0) placesByClaim.set(claim._id, lessened(places, -missing));
    if (missing > 0 && !places.some((place) => holdsBack(settling, place))) {
      placesByClaim.set(claim._id, [...places, newPlace(settling, claim, missing, next)]);
      next += 1;
    }
  }
  return { places: [...placesByClaim.values()].flat().sort((a, b) => a.arrival - b.arrival), next };
}

/** As the database took them; whoever stood when the offer was withdrawn comes back in the old order, before the rest. */
function inOrder({ claimsById }: Settling, placesByClaim: ReadonlyMap<RecordId, Place[]>): Claim[] {
  const returning = (claim: Claim) => {
    const newest = placesByClaim.get(claim._id)?.at(-1);
    return newest?.why.code === 'offer-withdrawn' ? newest.arrival : Number.MAX_SAFE_INTEGER;
  };
  return [...claimsById.values()].sort((a, b) => returning(a) - returning(b));
}

function newPlace({ offer }: Settling, claim: Claim, quantity: number, arrival: number): Place {
  const why: Why = { code: 'queued', rule: offer?.rule ?? 'first-come', arrival, ahead: 0 };
  return { claim: claim._id, quantity, arrival, state: 'waiting', why };
}

function lessened(places: readonly Place[], by: number): Place[] {
  let excess = by;
  return places
    .toReversed()
    .map((place) => {
      if (!isStanding(place) || excess === 0) return place;
      const keeps = Math.max(0, asked(place) - excess);
      excess -= asked(place) - keeps;
      return keeps === 0 ? refused(place, 'withdrawn') : sized(place, Math.min(place.quantity, keeps), keeps);
    })
    .toReversed();
}

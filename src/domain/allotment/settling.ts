import type { Claim } from '../claim/claim.ts';
import type { Handover } from '../handover/handover.ts';
import { authorOf, type RecordId } from '../id.ts';
import type { Offer } from '../offer.ts';
import type { Pick } from '../pick/pick.ts';
import type { Place, WhyCode } from './allotment.ts';

/** What an allotment is decided from. */
export type AllotInput = {
  subject: RecordId;
  /** Null where the offer is deleted: as if withdrawn. */
  offer: Offer | null;
  /**
   * All claims on the offer that exist, placed before or not, in the order in which the database took them; one that is missing was
   * deleted: as if withdrawn.
   */
  claims: readonly Claim[];
  picks: readonly Pick[];
  /** What was handed over or received stays given, whoever leaves and whatever is withdrawn. */
  handovers?: readonly Handover[];
  leftPeople: ReadonlySet<string>;
  /** The hub's clock. */
  now: string;
};

/** The input with what every step looks up; `terms` is the newest number that the hub has received. */
export type Settling = ReturnType<typeof settlingOf>;

export function settlingOf(input: AllotInput, terms: number) {
  const { offer, claims, picks, handovers = [], leftPeople } = input;
  return {
    ...input,
    terms,
    gone: offer === null || offer.state === 'withdrawn' || leftPeople.has(offer.author),
    claimsById: new Map(claims.map((claim) => [claim._id, claim])),
    picked: new Set(picks.filter((pick) => pick.status !== 'withdrawn').map((pick) => pick.subject)),
    handedOver: new Set(handovers.filter((handover) => handover.handedOverAt).map((handover) => handover.subject))
  };
}

/** R5: whether a claim stands on older terms than the newest. */
export function isStale({ terms }: Settling, claim: Claim | undefined): boolean {
  return (claim?.terms ?? 1) < terms;
}

/** Whether a place is given or in line. */
export function isStanding(place: Place): boolean {
  return place.state !== 'refused';
}

/** How many the place is for, given or not. */
export function asked(place: Place): number {
  return place.asked ?? place.quantity;
}

/** The place holding this many of the many that are asked. */
export function sized({ asked: _, ...place }: Place, quantity: number, wish: number): Place {
  return quantity === wish ? { ...place, quantity } : { ...place, quantity, asked: wish };
}

/** The place, over; it keeps its number, and how many it was for. */
export function refused(place: Place, code: WhyCode): Place {
  const { place: _place, since: _since, asked: _asked, ...rest } = place;
  return { ...rest, state: 'refused', why: { ...place.why, code } };
}

/** Whether the reason for which a claim lost this place still holds, so that it is not taken for a new one. */
export function holdsBack(settling: Settling, { claim: id, state, terms, why }: Place): boolean {
  if (state !== 'refused') return false;
  if (why.code === 'own-offer') return true;
  if (why.code === 'offer-withdrawn') return settling.gone;
  if (why.code === 'left') return settling.leftPeople.has(authorOf(id));
  return why.code === 'not-confirmed' && (settling.claimsById.get(id)?.terms ?? 1) < (terms ?? 1);
}

import type { Allotment, Place, Why } from '../allotment/allotment.ts';
import type { Claim } from '../claim/claim.ts';
import type { Handover } from '../handover/handover.ts';
import { authorOf, type RecordId } from '../id.ts';
import type { Pick } from '../pick/pick.ts';
import type { Listing } from './listing.ts';

/** One line under a thing: who has or asks for how many, and the ticks of both. */
export type PlaceView = {
  claim: RecordId;
  person: string;
  quantity: number;
  /** More than `quantity` where a split gave less than was asked. */
  asked?: number;
  /** `asked`: the hub has not answered yet. */
  state: 'asked' | Place['state'];
  /** The claim is withdrawn, whether the hub has answered that or not. */
  withdrawn: boolean;
  /** The giver has picked it, whether the hub has answered that or not. */
  picked: boolean;
  arrival?: number;
  place?: number;
  /** Since when the hub waits for the word of one who is to confirm (R5). */
  since?: string;
  why?: Why;
  note?: string;
  paid?: Claim['paid'];
  receivedAt?: string;
  handedOverAt?: string;
  paidSeenAt?: string;
};

type Answers = {
  listing: Listing;
  allotment: Allotment | null;
  claims: readonly Claim[];
  picks: readonly Pick[];
  handovers: readonly Handover[];
};

/**
 * Each claim's places that stand, or else its newest that is over, in order of arrival; then what the hub has not answered,
 * by id. Claims on other things and ticks by others than the giver are left out (R7).
 */
export function placeViews({ listing, allotment, claims, picks, handovers }: Answers, terms: number): PlaceView[] {
  const giver = authorOf(listing._id);
  const claimsById = new Map(claims.filter((it) => it.subject === listing._id).map((it) => [it._id, it]));
  const picked = new Set(
    picks.filter((it) => authorOf(it._id) === giver && it.status !== 'withdrawn').map((it) => it.subject)
  );
  const handoverByClaim = new Map(handovers.filter((it) => authorOf(it._id) === giver).map((it) => [it.subject, it]));
  const placesByClaim = new Map<RecordId, Place[]>();
  for (const place of allotment?.places ?? []) {
    placesByClaim.set(place.claim, [...(placesByClaim.get(place.claim) ?? []), place]);
  }

  function view(id: RecordId, place: Place | null): PlaceView {
    const claim = claimsById.get(id);
    const ticks = handoverByClaim.get(id);
    return {
      claim: id,
      person: authorOf(id),
      quantity: place?.quantity ?? claim?.quantity ?? 0,
      asked: place?.asked,
      state: place && !isAnsweredAnew(place, claim, terms) ? place.state : 'asked',
      withdrawn: claim ? claim.status === 'withdrawn' : place?.state === 'refused',
      picked: picked.has(id),
      arrival: place?.arrival,
      place: place?.place,
      since: place?.since,
      why: place?.why,
      note: claim?.note,
      paid: claim?.paid,
      receivedAt: claim?.receivedAt,
      handedOverAt: ticks?.handedOverAt,
      paidSeenAt: ticks?.paidAt
    };
  }

  const answered = [...placesByClaim].flatMap(([id, places]) => shownOf(places).map((place) => view(id, place)));
  const unanswered = [...claimsById.values()].filter((it) => it.status === 'standing' && !placesByClaim.has(it._id));
  return [
    ...answered.sort((a, b) => a.arrival! - b.arrival!),
    ...unanswered.map((it) => view(it._id, null)).sort((a, b) => (a.claim < b.claim ? -1 : 1))
  ];
}

function shownOf(places: readonly Place[]): Place[] {
  const standing = places.filter((place) => place.state !== 'refused');
  if (standing.length > 0) return standing;
  return [places.reduce((newest, place) => (place.arrival > newest.arrival ? place : newest))];
}

/** Whether the claim has said something since that the hub has still to answer: claimed again, or confirmed. */
function isAnsweredAnew(place: Place, claim: Claim | undefined, terms: number): boolean {
  if (claim?.status !== 'standing') return false;
  if (place.state === 'refused' && place.why.code === 'withdrawn') return true;
  const unconfirmed = place.state === 'to-confirm' || (place.state === 'refused' && place.why.code === 'not-confirmed');
  return unconfirmed && (claim.terms ?? 1) >= terms;
}

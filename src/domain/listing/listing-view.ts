import type { Allotment, Place, TermsEntry, Why } from '../allotment/allotment.ts';
import type { Claim } from '../claim/claim.ts';
import type { Handover } from '../handover/handover.ts';
import type { Hide } from '../hide/hide.ts';
import { authorOf, type RecordId } from '../id.ts';
import type { Pick as Choice } from '../pick/pick.ts';
import { placeViews, type PlaceView } from './place-view.ts';
import type { Category, Haggle, Listing, PartialRule, Rule } from './listing.ts';

export type { PlaceView } from './place-view.ts';

/** `reserved`: nothing is left, but not all is handed over. `gone`: withdrawn, closed, or all handed over and received. */
export type ListingState = 'available' | 'reserved' | 'gone';

/** How a thing stands with me; never `given` before the hub has said so. */
export type Mine = 'none' | 'unsent' | 'asked' | 'given' | 'waiting' | 'to-confirm' | 'refused';

/** What the shelf and the item's page show. */
export type ListingView = {
  id: RecordId;
  author: string;
  title: string;
  text: string;
  direction: 'offer' | 'wanted';
  price: { amountMinor: number; currency: string } | null;
  haggle?: Haggle;
  quantity: number;
  unit?: string;
  rule: Rule;
  partial: PartialRule;
  condition?: string;
  category?: Category;
  photos: RecordId[];
  closesAt?: string;
  createdAt: string;
  updatedAt: string;
  /** What a claim made now stands on: the author's number, or the hub's where that is higher. */
  terms: number;
  termsHistory: TermsEntry[];
  /** Its author's word; `state` is what follows from it and from who has what. */
  status: Listing['status'];
  state: ListingState;
  left: number;
  given: number;
  onShelf: boolean;
  hidden: { by: string; reason: string } | null;
  mine: Mine;
  place?: number;
  why?: Why;
  /** How many I have, or else how many I ask for. */
  myQuantity: number;
  places: PlaceView[];
};

/** Everything that answers one listing; who wrote each is the gate's word, what does not belong is left out (R7). */
export type ListingRecords = {
  listing: Listing;
  allotment: Allotment | null;
  claims: readonly Claim[];
  picks: readonly Choice[];
  handovers: readonly Handover[];
  hides: readonly Hide[];
};

/** R8: the same view from the same records, whatever their order and however often each is given. */
export function listingView(input: ListingRecords & { me: string; unsentClaim?: boolean }): ListingView {
  const { listing, me } = input;
  const allotment = allotmentOf(input);
  const termsHistory = allotment?.terms ?? [];
  const terms = Math.max(listing.terms ?? 1, termsHistory.at(-1)?.terms ?? 1);
  const places = placeViews({ ...input, allotment }, terms);
  return {
    id: listing._id,
    author: authorOf(listing._id),
    title: listing.title,
    text: listing.text,
    direction: listing.direction ?? 'offer',
    price: listing.price,
    haggle: listing.haggle,
    quantity: listing.quantity,
    unit: listing.unit,
    rule: listing.rule,
    partial: listing.partial ?? 'skip',
    condition: listing.condition,
    category: listing.category,
    photos: listing.photos,
    closesAt: listing.closesAt,
    createdAt: listing.createdAt,
    updatedAt: listing.updatedAt,
    terms,
    termsHistory,
    status: listing.status,
    ...shelfKeys(input),
    given: givenOf(allotment),
    hidden: hiddenBy(input),
    ...mineAmong(places, me, input.unsentClaim ?? false),
    places
  };
}

/** What the projection indexes of a listing; no clock: whoever lists leaves out what is past its closing time. */
export function shelfKeys(input: ListingRecords): { onShelf: boolean; state: ListingState; left: number } {
  const { listing } = input;
  const given = givenOf(allotmentOf(input));
  const left = listing.status === 'open' ? Math.max(0, listing.quantity - given) : 0;
  const over = listing.status !== 'open' || (left === 0 && isAllDone(input));
  const state = over ? 'gone' : left > 0 ? 'available' : 'reserved';
  return { onShelf: !over && hiddenBy(input) === null, state, left };
}

function allotmentOf({ listing, allotment }: ListingRecords): Allotment | null {
  return allotment?.subject === listing._id ? allotment : null;
}

function givenOf(allotment: Allotment | null): number {
  return givenPlaces(allotment).reduce((sum, place) => sum + place.quantity, 0);
}

function givenPlaces(allotment: Allotment | null): Place[] {
  return allotment?.places.filter((place) => place.state === 'given') ?? [];
}

function isAllDone(input: ListingRecords): boolean {
  const giver = authorOf(input.listing._id);
  const handedOver = new Set(
    input.handovers.filter((it) => authorOf(it._id) === giver && it.handedOverAt).map((it) => it.subject)
  );
  const received = new Set(input.claims.filter((it) => it.receivedAt).map((it) => it._id));
  return givenPlaces(allotmentOf(input)).every(({ claim }) => handedOver.has(claim) && received.has(claim));
}

/** The first of several stewards by id, so that every device names the same one. */
function hiddenBy({ listing, hides }: ListingRecords): ListingView['hidden'] {
  const [first] = hides
    .filter((hide) => hide.subject === listing._id && hide.status !== 'withdrawn')
    .sort((a, b) => (a._id < b._id ? -1 : 1));
  return first ? { by: authorOf(first._id), reason: first.reason } : null;
}

/** My standing is the best of my places: what is given, else the newest. */
function mineAmong(
  places: readonly PlaceView[],
  me: string,
  unsent: boolean
): Pick<ListingView, 'mine' | 'place' | 'why' | 'myQuantity'> {
  const own = places.filter((place) => place.person === me && !place.withdrawn);
  const given = own.filter((place) => place.state === 'given');
  const shown = given.at(-1) ?? own.at(-1);
  if (!shown) return { mine: 'none', myQuantity: 0 };
  const same = own.filter((place) => place.state === shown.state);
  return {
    mine: shown.state === 'asked' && unsent ? 'unsent' : shown.state,
    place: shown.place,
    why: shown.why,
    myQuantity: same.reduce((sum, place) => sum + place.quantity, 0)
  };
}

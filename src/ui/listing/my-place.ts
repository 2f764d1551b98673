import type { ListingView, PlaceView } from '#domain/listing/listing-view.ts';

/** The place that says how I stand: what is given, else the newest; withdrawn ones say nothing. */
export function myPlace(view: ListingView, me: string): PlaceView | undefined {
  const own = view.places.filter((place) => place.person === me && !place.withdrawn);
  return own.findLast((place) => place.state === 'given') ?? own.at(-1);
}

import { refusedPlacesKept, type AllotmentBody } from './allotment.ts';

/**
 * What a device that saw `before` can hold against the hub's next answer, or null (R6): more is given than was
 * ever offered, or what was given is gone without a word.
 */
export function allotmentFault(before: AllotmentBody | null, after: AllotmentBody): 'oversold' | 'vanished' | null {
  const offered = Math.max(0, ...after.terms.map((entry) => entry.quantity));
  const given = after.places.reduce((sum, place) => sum + (place.state === 'given' ? place.quantity : 0), 0);
  if (given > offered) return 'oversold';
  const answered = new Set(
    after.places.filter((it) => it.state === 'given' || it.state === 'refused').map((it) => it.arrival)
  );
  const forgotten = after.places.filter((place) => place.state === 'refused').length >= refusedPlacesKept;
  const vanished = before?.places.some((place) => place.state === 'given' && !answered.has(place.arrival)) ?? false;
  return vanished && !forgotten ? 'vanished' : null;
}

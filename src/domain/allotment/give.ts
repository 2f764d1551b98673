import { isOpen } from '../offer.ts';
import type { Place, WhyCode } from './allotment.ts';
import { asked, isStale, isStanding, sized, type Settling } from './settling.ts';

/** In order of arrival, whole where it fits; never more than max(stated, already given). A closed offer gives no more. */
export function give(settling: Settling, places: readonly Place[]): { places: Place[]; left: number } {
  const { offer, now } = settling;
  const given = places.reduce((sum, place) => sum + (place.state === 'given' ? place.quantity : 0), 0);
  let left = offer && !settling.gone && isOpen(offer, now) ? Math.max(0, offer.capacity - given) : 0;
  let ahead = 0;
  const settled = places.map((place) => {
    if (!isStanding(place)) return place;
    ahead += 1;
    const code = givingCode(settling, place);
    const has = place.state === 'given' ? place.quantity : 0;
    const needs = asked(place) - has;
    const gets = code === null ? 0 : needs <= left ? needs : offer?.partial === 'split' ? left : 0;
    if (gets === 0 || code === null) return place;
    left -= gets;
    const grown = sized({ ...place, state: 'given' }, has + gets, asked(place));
    return has > 0 ? grown : { ...grown, why: { code, rule: offer!.rule, arrival: place.arrival, ahead: ahead - 1 } };
  });
  return { places: settled, left };
}

/** By which word a place may be given now, or null: unconfirmed, unpicked, and under the rules that wait for a closing. */
function givingCode(settling: Settling, place: Place): WhyCode | null {
  if (place.state === 'to-confirm' || isStale(settling, settling.claimsById.get(place.claim))) return null;
  if (settling.offer?.rule === 'first-come') return 'in-order';
  if (settling.offer?.rule !== 'giver-picks') return null;
  return place.state === 'given' || settling.picked.has(place.claim) ? 'picked' : null;
}

/** Who is not given: the position in line, and why. */
export function lineUp(settling: Settling, places: readonly Place[], left: number): Place[] {
  let ahead = 0;
  let inLine = 0;
  return places.map((before) => {
    const { place: _, ...place } = before;
    if (!isStanding(place)) return place;
    ahead += 1;
    if (place.state === 'given') return place;
    inLine += 1;
    const why = {
      code: waitingCode(settling, place, left),
      rule: settling.offer?.rule ?? place.why.rule,
      arrival: place.arrival,
      ahead: ahead - 1
    };
    return { ...place, place: inLine, why };
  });
}

function waitingCode(settling: Settling, place: Place, left: number): WhyCode {
  if (place.state === 'to-confirm') return 'terms-changed';
  const tooMany = left > 0 || place.quantity > (settling.offer?.capacity ?? 0);
  return givingCode(settling, place) !== null && tooMany && place.quantity > left ? 'does-not-fit' : 'queued';
}

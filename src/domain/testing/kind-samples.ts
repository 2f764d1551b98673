import { makeAllotment } from '../allotment/allotment.ts';
import { makeCircle } from '../circle/circle.ts';
import { claimId, makeClaim } from '../claim/claim.ts';
import { makeComment } from '../comment/comment.ts';
import { makeDelivered } from '../delivered/delivered.ts';
import { makeHandover } from '../handover/handover.ts';
import { makeHide } from '../hide/hide.ts';
import { hubAuthor } from '../id.ts';
import type { KindName } from '../kinds.ts';
import { listingId, makeListing } from '../listing/listing.ts';
import { makeMember } from '../member/member.ts';
import { makeMessage } from '../message/message.ts';
import { makePerson } from '../person/person.ts';
import { makePhoto } from '../photo/photo.ts';
import { makePick } from '../pick/pick.ts';
import type { RecordOf } from '../record.ts';

/** A moment for tests. */
export const noon = '2026-03-01T12:00:00.000Z';

const hub = { author: hubAuthor, now: noon };

/**
 * One sound record of every kind by one author, for tables that are to have a row each: a kind without one does not
 * compile. Hub records are by the hub; picks and handovers answer Mei's claim on the author's own thing.
 */
export function kindSamples(author: string): { [K in KindName]: RecordOf<K> } {
  const at = { author, now: noon };
  const own = listingId(author, 'trousers');
  const theirs = listingId('fang', 'jujubes');
  const meis = claimId('mei', own);
  const message = makeMessage({ to: ['mei'], subject: own, circle: '302', text: 'At six?' }, { ...at, key: 'word' });
  return {
    person: makePerson({ name: 'Lin' }, at),
    listing: makeListing({ title: 'Trousers, size S' }, { ...at, key: 'trousers' }),
    photo: makePhoto(
      { width: 1600, height: 1200, bytes: 300_000, type: 'image/jpeg', thumbhash: '3OcRJYB4d3h/iIeHeEh3eIhw+j2w' },
      { ...at, key: '0123456789abcdef'.repeat(4) }
    ),
    claim: makeClaim({ subject: theirs, quantity: 2 }, at),
    pick: makePick({ subject: meis }, at),
    handover: makeHandover({ subject: meis, handedOverAt: noon }, at),
    comment: makeComment({ subject: theirs, text: 'Are they sweet?' }, { ...at, key: 'question' }),
    hide: makeHide({ subject: theirs, reason: 'Posted twice' }, at),
    message,
    delivered: makeDelivered({ subject: message._id, from: author, record: message }, hub),
    circle: makeCircle({ name: '302', circleKind: 'circle' }, hub),
    member: makeMember({ person: author, role: 'member', joinedAt: noon }, hub),
    allotment: makeAllotment({ subject: own, left: 1, next: 1, terms: [], places: [] }, hub)
  };
}

import { allot } from '../allot.ts';
import type { AllotmentBody, Place } from '../allotment/allotment.ts';
import { claimId, makeClaim, type Claim } from '../claim/claim.ts';
import { makeHandover } from '../handover/handover.ts';
import { makeListing, type Listing } from '../listing/listing.ts';
import { offerOf } from '../offer.ts';
import { makePick } from '../pick/pick.ts';
import { noon } from './kind-samples.ts';

const at = { author: 'lin', key: 'jujubes', now: noon };
/** Ten portions of jujubes, Lin’s. */
export const jujubes = (body: Partial<Listing> = {}) => makeListing({ title: 'Jujubes', quantity: 10, ...body }, at);
export const subject = jujubes()._id;
/** Somebody’s wish for them. */
export const claim = (author: string, quantity = 1, body: Partial<Claim> = {}) =>
  makeClaim({ subject, quantity, ...body }, { author, now: noon });
export const withdrawn = (author: string) => claim(author, 1, { status: 'withdrawn' });
/** By the hub’s clock, after noon. */
export const hoursLater = (hours: number) => new Date(Date.parse(noon) + hours * 3_600_000).toISOString();

type More = { picks?: string[]; handedOver?: string[]; left?: string[]; now?: string };
/** What the hub answers: `more` names people. */
export function settle(
  listing: Listing | null,
  claims: Claim[],
  previous: AllotmentBody | null = null,
  more: More = {}
) {
  const { picks = [], handedOver = [], left = [], now = noon } = more;
  return allot(
    {
      subject,
      offer: listing && offerOf(listing),
      claims,
      picks: picks.map((person) => makePick({ subject: claimId(person, subject) }, at)),
      handovers: handedOver.map((person) =>
        makeHandover({ subject: claimId(person, subject), handedOverAt: noon }, at)
      ),
      leftPeople: new Set(left),
      now
    },
    previous
  );
}

/** One place as a word: `mei 2 given`, `hao 1 waiting 1`, `fang 1 refused left`. */
function word({ claim: id, quantity, asked, state, place, why }: Place): string {
  const many = asked === undefined ? `${quantity}` : `${quantity}/${asked}`;
  const detail = { given: '', waiting: ` ${place}`, 'to-confirm': ` ${place}`, refused: ` ${why.code}` }[state];
  return `${id.split(':')[0]} ${many} ${state}${detail}`;
}
/** All places of an answer in words. */
export const said = (allotment: AllotmentBody) => allotment.places.map(word);

import * as v from 'valibot';
import {
  common,
  count,
  make,
  moment,
  money,
  ordinal,
  quantity,
  refTo,
  signed,
  type At,
  type Fields
} from '../fields.ts';
import { hubAuthor, recordId, type RecordId } from '../id.ts';
import { rules } from '../listing/listing.ts';

/** Why a place is as it is; the screen words it. */
export const whyCodes = [
  'in-order',
  'picked',
  'drawn',
  'fewest',
  'queued',
  'does-not-fit',
  'own-offer',
  'terms-changed',
  'not-confirmed',
  'withdrawn',
  'offer-withdrawn',
  'left'
] as const;
export type WhyCode = (typeof whyCodes)[number];

/** So many places that are over stay to be read; more would make every answer heavy to send. */
export const refusedPlacesKept = 200;

const why = v.looseObject({ code: v.picklist(whyCodes), rule: v.picklist(rules), arrival: ordinal, ahead: count });
/** `ahead`: how many places stood before this one, given or in line, when it was decided. */
export type Why = { code: WhyCode; rule: (typeof rules)[number]; arrival: number; ahead: number };

const place = {
  claim: refTo('claim'),
  quantity,
  asked: v.optional(quantity),
  arrival: ordinal,
  state: v.picklist(['given', 'waiting', 'to-confirm', 'refused']),
  place: v.optional(ordinal),
  since: v.optional(moment),
  terms: v.optional(ordinal),
  why
};
/**
 * One answer to one claim. `asked` stands where a split gave less than was asked; `place` is the position in line; `since`
 * and `terms` are when the hub began to wait for a confirmation, and of which terms.
 */
export type Place = Omit<Fields<typeof place>, 'why'> & { why: Why };

const termsEntry = {
  terms: ordinal,
  price: v.nullable(money),
  unit: v.optional(v.string()),
  quantity,
  rule: v.picklist(rules),
  condition: v.optional(v.string()),
  closesAt: v.optional(moment),
  at: moment
};
/** R5: conditions as the hub received them, and when; the history people see. */
export type TermsEntry = Fields<typeof termsEntry>;

const fields = {
  ...common('allotment'),
  ...signed,
  subject: refTo(),
  left: count,
  next: ordinal,
  terms: v.array(v.looseObject(termsEntry)),
  places: v.array(v.looseObject(place))
};

/** R6: the hub's word on who has how many, who waits where, and why. `next` is the next number of arrival. */
export const allotment = v.looseObject(fields);
export type Allotment = Omit<Fields<typeof fields>, 'places' | 'terms'> & AllotmentBody;

/** What `allot` decides; hub-records adds the envelope, counter and signature. */
export type AllotmentBody = {
  subject: RecordId;
  left: number;
  next: number;
  terms: TermsEntry[];
  places: Place[];
};

/** One per offer. */
export const allotmentId = (offer: string) => recordId(hubAuthor, 'allotment', offer);

/** A whole record by the hub, but for the counter and signature that hub-records adds. */
export function makeAllotment(body: AllotmentBody, at: At): Allotment {
  return make('allotment', body.subject, at, body);
}

import * as v from 'valibot';
import { isAccountId, isCircleId, parseRecordId, recordId, type RecordId } from './id.ts';

const isoForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

/** A moment in ISO 8601 UTC that the calendar has: 31 February is none. */
export const moment = v.pipe(
  v.string(),
  v.check((text) => isoForm.test(text) && isOnCalendar(text), 'is no moment in ISO 8601 UTC')
);

/** One line that a list can show: a title, a name. */
export const line = v.pipe(
  v.string(),
  v.maxLength(200),
  v.check((text) => text.trim() !== '', 'is empty')
);

/** A few words beside something; may be empty. */
export const note = v.pipe(v.string(), v.maxLength(2_000));

/** Somebody's own words; only the size of the whole record bounds them. */
export const words = v.string();

/** Words that say something. */
export const saying = v.pipe(
  v.string(),
  v.check((text) => text.trim() !== '', 'is empty')
);

/** How many of a thing: enough for a lorry of oranges, far from where sums lose digits. */
export const quantity = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9_999));

/** A number that only grows: arrival, counter. */
export const ordinal = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** R5: an author's number of terms; bounded, so that whoever starts at the end leaves room to count on. */
export const terms = v.pipe(ordinal, v.maxValue(1_000_000_000));

/** Zero or more, exact. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Money is whole minor units (fen, cents) and an ISO 4217 code. */
export const money = v.looseObject({ amountMinor: count, currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)) });

/** Integer minor units plus ISO currency. */
export type Money = { amountMinor: number; currency: string };

/** An account. */
export const person = v.custom<string>(isAccountId, 'is no account');

/** A circle. */
export const circleRef = v.custom<string>(isCircleId, 'is no circle');

/** The whole id of a record, of one of these kinds where any are given. */
export function refTo(...kinds: string[]) {
  return v.custom<RecordId>((id) => {
    const parts = parseRecordId(id);
    return parts !== null && (kinds.length === 0 || kinds.includes(parts.kind));
  }, 'is no such record');
}

/** A revision as CouchDB writes it; it refuses a whole request for one that is not. */
export const revision = v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}-[0-9a-zA-Z]{1,64}$/));

/** What every record of a kind carries; times are its author's word and decide nothing. */
export function common<K extends string>(kind: K) {
  return {
    _id: refTo(kind),
    _rev: v.optional(revision),
    kind: v.literal(kind),
    v: v.literal(1),
    createdAt: moment,
    updatedAt: moment
  };
}

/** R11: what the hub adds when it signs, for devices to hand back after a restore. */
export const signed = { counter: v.optional(ordinal), signature: v.optional(v.string()) };

/** The fields a schema names, typed; a record may carry others, which stay as they are. */
export type Fields<E extends v.ObjectEntries> = v.InferOutput<v.ObjectSchema<E, undefined>>;

/** Who makes a record, when, and under which key where the kind leaves one free. */
export type At = { author: string; now: string; key?: string };

/** A new record: its envelope and body, without fields that are undefined (JSON has none). */
export function make<K extends string, B extends object>(kind: K, key: string, at: At, body: B) {
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as B;
  return {
    _id: recordId(at.author, kind, key),
    kind,
    v: 1 as const,
    createdAt: at.now,
    updatedAt: at.now,
    ...given
  };
}

function isOnCalendar(text: string): boolean {
  // A day that the month has not, and the 24th hour, run over into another day.
  return new Date(text).getUTCDate() === Number(text.slice(8, 10));
}

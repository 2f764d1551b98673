import * as v from 'valibot';
import { allotment, type Allotment } from './allotment/allotment.ts';
import { circle, type Circle } from './circle/circle.ts';
import { claim, mergeClaims, type Claim } from './claim/claim.ts';
import { comment, type Comment } from './comment/comment.ts';
import { delivered, type Delivered } from './delivered/delivered.ts';
import { handover, mergeHandovers, type Handover } from './handover/handover.ts';
import { hide, type Hide } from './hide/hide.ts';
import { hubAuthor, isAccountId, isPhotoHash, parseRecordId } from './id.ts';
import { isPlain } from './json.ts';
import { listing, type Listing } from './listing/listing.ts';
import { member, type Member, type Role } from './member/member.ts';
import { message, type Message } from './message/message.ts';
import { person, type Person } from './person/person.ts';
import { photo, type Photo } from './photo/photo.ts';
import { pick, type Pick } from './pick/pick.ts';
import { refuse, type Refusal } from './refusal.ts';
import { storageRefusal, tombstoneRefusal } from './storage.ts';

export type { Role } from './member/member.ts';
export type { Refusal, RefusalCode } from './refusal.ts';

/** Where a kind lives: in the log of a circle, or in one person's own database (R13). */
export type Home = 'circle' | 'me';

/** Who asks. */
export type Actor = { person: string; role: Role };

/** All there is to know about a kind; gate, device and projection go by it (R12). */
export type KindRule = {
  schema: v.GenericSchema;
  home: Home;
  /** Who may write it; `giver`: the author of the offer that the claim in its key answers. */
  author: 'member' | 'steward' | 'giver' | 'hub';
  /** What the last part of its id is. `subject`: the whole id of the record it answers. */
  key: 'self' | 'time' | 'hash' | 'person' | 'subject';
  /** The kinds of record it may answer (R3); absent: any, or none where it has no subject. */
  subjectKinds?: readonly string[];
  /** R10: one record of two that one author's devices wrote side by side. Without it the later one. */
  merge?: (later: never, earlier: never) => object;
};

/** R12: every kind, one row each. Whoever adds one adds it here, and every table of ours has it. */
export const kinds = {
  person: { schema: person, home: 'circle', author: 'member', key: 'self' },
  listing: { schema: listing, home: 'circle', author: 'member', key: 'time' },
  photo: { schema: photo, home: 'circle', author: 'member', key: 'hash' },
  claim: {
    schema: claim,
    home: 'circle',
    author: 'member',
    key: 'subject',
    subjectKinds: ['listing'],
    merge: mergeClaims
  },
  pick: { schema: pick, home: 'circle', author: 'giver', key: 'subject', subjectKinds: ['claim'] },
  handover: {
    schema: handover,
    home: 'circle',
    author: 'giver',
    key: 'subject',
    subjectKinds: ['claim'],
    merge: mergeHandovers
  },
  comment: { schema: comment, home: 'circle', author: 'member', key: 'time', subjectKinds: ['listing'] },
  hide: {
    schema: hide,
    home: 'circle',
    author: 'steward',
    key: 'subject',
    subjectKinds: ['listing', 'comment', 'photo', 'claim', 'person']
  },
  message: { schema: message, home: 'me', author: 'member', key: 'time', subjectKinds: ['claim', 'listing'] },
  delivered: { schema: delivered, home: 'me', author: 'hub', key: 'subject' },
  circle: { schema: circle, home: 'circle', author: 'hub', key: 'self' },
  member: { schema: member, home: 'circle', author: 'hub', key: 'person' },
  allotment: { schema: allotment, home: 'circle', author: 'hub', key: 'subject', subjectKinds: ['listing'] }
} as const satisfies Record<string, KindRule>;

export type KindName = keyof typeof kinds;

/** A record of any kind. */
export type AnyRecord =
  | Person
  | Listing
  | Photo
  | Claim
  | Pick
  | Handover
  | Comment
  | Hide
  | Message
  | Delivered
  | Circle
  | Member
  | Allotment;

/** Whether this names a kind; `constructor` does not. */
export function isKind(name: unknown): name is KindName {
  return typeof name === 'string' && Object.hasOwn(kinds, name);
}

/** The kind's rule, widened to what every row has. */
export function kindRule(kind: KindName): KindRule {
  return kinds[kind];
}

/**
 * Why this document may not be written in this home by this person, or null. R1, R12: the one check of device and gate,
 * decided from the document and the actor alone. Total.
 */
export function refusal(doc: unknown, home: Home, actor: Actor): Refusal | null {
  if (!isPlain(doc)) return refuse('not-a-record');
  const id = parseRecordId(doc._id);
  if (!id) return refuse('not-a-record', '_id');
  if (id.author === hubAuthor) return refuse('hub-only');
  if (id.author !== actor.person) return refuse('not-yours');
  if (!isKind(id.kind)) return refuse('unknown-kind');
  const rule = kindRule(id.kind);
  if (rule.author === 'hub') return refuse('hub-only');
  if (rule.home !== home) return refuse('wrong-home');
  if (!fitsKey(rule, id.key)) return refuse('not-a-record', '_id');
  if (rule.author === 'giver' && giverOf(id.key) !== id.author) return refuse('giver-only');
  if (doc._deleted === true) return tombstoneRefusal(doc);
  if (rule.author === 'steward' && actor.role !== 'steward') return refuse('stewards-only');
  return storageRefusal(doc) ?? bodyRefusal(doc, id, rule);
}

/**
 * Why this is no sound record of a known kind, whoever wrote it, or null. Fields nobody knows are sound, and no size is
 * too large to read: the hub's own records may outgrow a member's. Total.
 */
export function structureRefusal(doc: unknown): Refusal | null {
  if (!isPlain(doc)) return refuse('not-a-record');
  const id = parseRecordId(doc._id);
  if (!id) return refuse('not-a-record', '_id');
  if (!isKind(id.kind)) return refuse('unknown-kind');
  const rule = kindRule(id.kind);
  if (!fitsKey(rule, id.key)) return refuse('not-a-record', '_id');
  return bodyRefusal(doc, id, rule);
}

/** What is left to ask of a document whose id is sound and of a kind that this is the rule of. */
function bodyRefusal(doc: Record<string, unknown>, id: { kind: string; key: string }, rule: KindRule): Refusal | null {
  if (doc.kind !== id.kind) return refuse('kind-mismatch', 'kind');
  const checked = v.safeParse(rule.schema, doc, { abortEarly: true });
  if (!checked.success) return refuse('invalid-field', v.getDotPath(checked.issues[0]) ?? undefined);
  return fitsSubject(rule, id.key, doc.subject) ? null : refuse('subject-mismatch', 'subject');
}

/**
 * R10: what one author's device writes on the winner of two revisions made side by side. Unlike kinds or ids: the winner.
 * The caller folds it over all branches and deletes the others.
 */
export function mergeRecords(winner: AnyRecord, other: AnyRecord): AnyRecord {
  if (winner._id !== other._id) return winner;
  const newer = Date.parse(other.updatedAt) > Date.parse(winner.updatedAt);
  const [later, earlier] = newer ? [other, winner] : [winner, other];
  const merged = kindRule(winner.kind).merge?.(later as never, earlier as never) ?? later;
  return { ...merged, _rev: winner._rev } as AnyRecord;
}

function fitsKey({ key: form, subjectKinds }: KindRule, key: string): boolean {
  const subject = parseRecordId(key);
  if (form === 'subject') return subject !== null && (subjectKinds?.includes(subject.kind) ?? true);
  if (form === 'self') return key === 'self';
  if (form === 'hash') return isPhotoHash(key);
  if (form === 'person') return isAccountId(key);
  return subject === null && !isPhotoHash(key);
}

function fitsSubject({ key: form, subjectKinds }: KindRule, key: string, subject: unknown): boolean {
  if (form === 'subject') return subject === key;
  if (!subjectKinds || subject === undefined) return true;
  return subjectKinds.includes(parseRecordId(subject)?.kind ?? '');
}

/** Who made the offer that this claim answers: the author in the key of the key. */
function giverOf(claim: string): string | undefined {
  return parseRecordId(parseRecordId(claim)?.key)?.author;
}

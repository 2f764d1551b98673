import { allotmentId, type Allotment } from '#domain/allotment/allotment.ts';
import type { Claim } from '#domain/claim/claim.ts';
import type { Handover } from '#domain/handover/handover.ts';
import { authorOf, recordId, type RecordId } from '#domain/id.ts';
import { memberId } from '#domain/member/member.ts';
import { offerOf, type Offer } from '#domain/offer.ts';
import type { Pick } from '#domain/pick/pick.ts';
import { parseRecord, type AnyRecord, type RecordOf } from '#domain/record.ts';
import type { KindName } from '#domain/kinds.ts';
import type { Database } from '../couch-database.ts';
import { claimByPlace, offerByTerms, type Returned } from './returned.ts';

/** All that decides about one offer, as the database has it. */
export type Case = {
  subject: RecordId;
  offer: Offer | null;
  /** Whether the offer may have stood on other terms before: its revision is not its first. */
  edited: boolean;
  /** Those that the allotment knows, by arrival, then those that have just changed, in the order of their change. */
  claims: Claim[];
  picks: Pick[];
  handovers: Handover[];
  leftPeople: Set<string>;
  allotment: Allotment | null;
};

/**
 * Reads the cases of these offers in two requests, whatever their number. Which claims there are needs no search: those of the
 * allotment, and `claimed`, those that have just changed. `ids` are all that the answer rests on, each at its `rev`. After a restore `returned` tells which claims are older than
 * their places.
 */
export async function readCases(
  database: Database,
  claimed: ReadonlyMap<RecordId, ReadonlySet<RecordId>>,
  returned: Returned | null = null
): Promise<{ cases: Case[]; ids: Set<string>; rev: (id: string) => string }> {
  const allotments = await readRecords(database, [...claimed.keys()].map(allotmentId));
  const ids = new Set<string>();
  const open = [...claimed].map(([subject, changed]) => {
    const allotment = allotments.find('allotment', allotmentId(subject)) ?? null;
    const claims = claimsInOrder(allotment, changed);
    const giver = authorOf(subject);
    const answers = (kind: string) => claims.map((claim) => recordId(giver, kind, claim));
    const people = [...new Set([giver, ...claims.map(authorOf)])];
    const one = { subject, allotment, claims, picks: answers('pick'), handovers: answers('handover'), people };
    for (const id of [subject, ...claims, ...one.picks, ...one.handovers, ...people.map(memberId)]) ids.add(id);
    return one;
  });
  const records = await readRecords(database, [...ids]);
  const cases = open.map(({ subject, allotment, claims, picks, handovers, people }): Case => {
    const listing = records.find('listing', subject);
    const offer = listing ? offerOf(listing) : null;
    const claimOf = (id: RecordId) => {
      const claim = records.find('claim', id);
      return claimByPlace(returned, allotment, id, { rev: records.rev(id), claim }) ?? claim ?? [];
    };
    return {
      subject,
      offer: offerByTerms(returned, allotment, { rev: records.rev(subject), offer }) ?? offer,
      edited: listing?._rev?.startsWith('1-') === false,
      claims: claims.flatMap(claimOf),
      picks: picks.flatMap((id) => records.find('pick', id) ?? []),
      handovers: handovers.flatMap((id) => records.find('handover', id) ?? []),
      leftPeople: new Set(people.filter((person) => records.find('member', memberId(person))?.leftAt)),
      allotment
    };
  });
  return { cases, ids, rev: records.rev };
}

function claimsInOrder(allotment: Allotment | null, changed: ReadonlySet<RecordId>): RecordId[] {
  const known = allotment?.places.map(({ claim }) => claim) ?? [];
  return [...new Set([...known.filter((claim) => !changed.has(claim)), ...changed])];
}

/** R8: what is deleted, invalid or unknown is not there. */
async function readRecords(database: Database, keys: readonly string[]) {
  const { rows } = await database.allDocs({ keys, includeDocs: true });
  const records = new Map<string, AnyRecord>();
  const revs = new Map(rows.flatMap(({ key, value }) => (value?.rev ? [[key, value.rev] as const] : [])));
  for (const { doc } of rows) {
    const parsed = parseRecord(doc);
    if (parsed.ok) records.set(parsed.record._id, parsed.record);
  }
  return {
    /** Of a tombstone too; '' where there never was such a document. */
    rev: (id: string): string => revs.get(id) ?? '',
    find<K extends KindName>(kind: K, id: string): RecordOf<K> | undefined {
      const record = records.get(id);
      return record?.kind === kind ? (record as RecordOf<K>) : undefined;
    }
  };
}

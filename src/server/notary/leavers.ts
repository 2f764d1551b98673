import { kinds } from '#domain/kinds.ts';
import { memberId, type Member } from '#domain/member/member.ts';
import type { RecordId } from '#domain/id.ts';
import type { Database } from '../couch-database.ts';
import { claimsOf, strikeRead, type Docket } from './docket.ts';

/**
 * Puts on the docket what those who have left had claimed, and what they had offered: both are released (why `left`,
 * `offer-withdrawn`). Whoever came back is looked at too, since what she offered stands again.
 */
export async function addLeavers(database: Database, docket: Docket): Promise<void> {
  const people = [...docket.members];
  docket.members.clear();
  if (people.length === 0) return;
  const { rows } = await database.allDocs<Member>({ keys: people.map(memberId), includeDocs: true });
  const revs = new Map(rows.map(({ key, value }) => [key, value?.rev ?? '']));
  strikeRead(docket, revs.keys(), (id) => revs.get(id)!);
  for (const { doc } of rows) {
    // Of somebody new nothing was decided yet.
    if (!doc || (!doc.leftAt && doc._rev?.startsWith('1-'))) continue;
    for (const id of await idsFrom(database, `${doc.person}:claim:`))
      claimsOf(docket, id.slice(`${doc.person}:claim:`.length) as RecordId);
    for (const kind of kinds.claim.subjectKinds)
      for (const id of await idsFrom(database, `${doc.person}:${kind}:`)) docket.offers.add(id as RecordId);
  }
}

async function idsFrom(database: Database, prefix: string): Promise<string[]> {
  const { rows } = await database.allDocs({ startKey: prefix, endKey: `${prefix}\ufff0` });
  return rows.map(({ id }) => id);
}

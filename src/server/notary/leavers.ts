import { memberId, type Member } from '#domain/member/member.ts';
import type { RecordId } from '#domain/id.ts';
import type { Database } from '../couch.ts';
import { claimsOf, type Docket } from './docket.ts';

/** Puts on the docket what those who have left had claimed: they release it (why `left`). */
export async function addLeavers(database: Database, docket: Docket): Promise<void> {
  const people = [...docket.members];
  docket.members.clear();
  if (people.length === 0) return;
  const { rows } = await database.allDocs<Member>({ keys: people.map(memberId), includeDocs: true });
  for (const { doc } of rows) {
    if (!doc?.leftAt) continue;
    const claims = `${doc.person}:claim:`;
    const theirs = await database.allDocs({ startKey: claims, endKey: `${claims}\ufff0` });
    for (const { id } of theirs.rows) claimsOf(docket, id.slice(claims.length) as RecordId);
  }
}

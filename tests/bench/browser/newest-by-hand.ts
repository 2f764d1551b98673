import { claimId } from '#domain/claim/claim.ts';
import { memberId } from '#domain/member/member.ts';
import { personId } from '#domain/person/person.ts';
import type { ListingRow, Row } from '#data/read-model.ts';

type Ask = { circle: string; category: string; limit: number; me: string };
export type CardByHand = { id: string; title: string; authorName: string; isClaimed: boolean };

/**
 * The floor: what the card of each of the newest needs, as somebody would write it who had nothing but IndexedDB: one
 * transaction, one range from its end, and the names and claims of what came at once.
 */
export async function newestByHand(database: IDBDatabase, ask: Ask): Promise<CardByHand[]> {
  const transaction = database.transaction(['listing', 'member', 'person', 'claim'], 'readonly');
  const table = (name: string) => transaction.objectStore(name);
  const index = table('listing').index('[circle+category+shelfAt]');
  const range = IDBKeyRange.bound([ask.circle, ask.category, ''], [ask.circle, ask.category, '\uffff']);
  const rows = await newest(index, range, ask.limit);
  const authors = [...new Set(rows.map(({ author }) => author))];
  const get = <T>(name: string, id: string) => done<T | undefined>(table(name).get([ask.circle, id]));
  const [members, people, claims] = await Promise.all([
    Promise.all(authors.map((author) => get<Row<'member'>>('member', memberId(author)))),
    Promise.all(authors.map((author) => get<Row<'person'>>('person', personId(author)))),
    Promise.all(rows.map(({ id }) => get<Row<'claim'>>('claim', claimId(ask.me, id))))
  ]);
  const nameOf = new Map(
    authors.map((author, at) => [author, people[at]?.record.name ?? members[at]?.record.name ?? ''])
  );
  return rows.map(({ id, author, record }, at) => ({
    id,
    title: record.title,
    authorName: nameOf.get(author) ?? '',
    isClaimed: claims[at] !== undefined
  }));
}

/** All at once, from the end, where the browser can; else step by step. */
async function newest(index: IDBIndex, query: IDBKeyRange, count: number): Promise<ListingRow[]> {
  if ('getAllRecords' in index) {
    const options = { query, count, direction: 'prev' };
    return done(index.getAll(options as never) as IDBRequest<ListingRow[]>);
  }
  const rows: ListingRow[] = [];
  const request = index.openCursor(query, 'prev');
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor) rows.push(cursor.value as ListingRow);
      if (!cursor || rows.length === count) resolve(rows);
      else cursor.continue();
    };
  });
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

import { expect } from 'vitest';
import type { Database } from '../../couch-database.ts';
import { branch, read, type StoreCase } from './store-case.ts';

/** What reads many documents at once: `_changes` from where one stood, and `_all_docs`. */
export const listCases: StoreCase[] = [
  [
    '_changes reads on from the sequence it gave, one row a document, the newest place',
    async ({ db }) => {
      const { rev } = await db.put({ _id: 'a' });
      await db.put({ _id: 'b' });
      const first = await db.changes({ limit: 1 });
      expect(first.results.map(({ id }) => id)).toEqual(['a']);
      expect(typeof first.last_seq).toBe('string');
      await db.put({ _id: 'a', _rev: rev } as { _id: string });
      const rest = await db.changes({ since: first.last_seq });
      expect(rest.results.map(({ id }) => id)).toEqual(['b', 'a']);
      expect((await db.changes({ since: rest.last_seq })).results).toEqual([]);
      expect((await db.changes({ since: 'now' })).results).toEqual([]);
      expect((await db.changes({ since: '0' })).results).toHaveLength(2);
    }
  ],
  [
    '_changes tells of every leaf, of deletions, and brings documents and conflicts along',
    async ({ db }) => {
      await db.bulkDocs([branch('doc', ['b1', 'a1']), branch('doc', ['c1', 'a1'])], { newEdits: false });
      const { rev } = await db.put({ _id: 'gone' });
      await read(db.request('DELETE', ['gone'], { query: { rev } }));
      const { results } = await db.changes({ style: 'all_docs', includeDocs: true, conflicts: true });
      expect(results[0]).toMatchObject({ id: 'doc', doc: { _rev: '2-c1', _conflicts: ['2-b1'] } });
      expect(results[0]!.changes.map((change) => change.rev).sort()).toEqual(['2-b1', '2-c1']);
      expect(results[1]).toMatchObject({ id: 'gone', deleted: true, doc: { _deleted: true } });
    }
  ],
  [
    '_changes descending begins with the newest and stops at the limit',
    async ({ db }) => {
      await db.bulkDocs(Array.from({ length: 12 }, (_, index) => ({ _id: `doc-${String(index).padStart(2, '0')}` })));
      const { results } = await db.changes({ descending: true, limit: 3 });
      expect(results.map(({ id }) => id)).toEqual(['doc-11', 'doc-10', 'doc-09']);
    }
  ],
  [
    '_changes filtered by ids reads past the others',
    async ({ db }) => {
      await db.bulkDocs([{ _id: 'a' }, { _id: 'b' }, { _id: 'c' }]);
      const { body } = await read(
        db.request('POST', '_changes', { query: { filter: '_doc_ids' }, body: { doc_ids: ['b', 'z'] } })
      );
      expect((body['results'] as { id: string }[]).map(({ id }) => id)).toEqual(['b']);
      expect((await db.changes({ since: body['last_seq'] as string })).results).toEqual([]);
    }
  ],
  [
    '_all_docs lists in the order of ids, by range, page and direction',
    async ({ db }) => {
      await db.bulkDocs(['a', 'b', 'c', 'd', 'e'].map((_id) => ({ _id })));
      const ids = async (options: Parameters<Database['allDocs']>[0]) =>
        (await db.allDocs(options)).rows.map(({ id }) => id);
      expect(await ids({})).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(await ids({ startKey: 'b', endKey: 'd' })).toEqual(['b', 'c', 'd']);
      expect(await ids({ descending: true, startKey: 'd', endKey: 'b' })).toEqual(['d', 'c', 'b']);
      expect(await ids({ skip: 1, limit: 2 })).toEqual(['b', 'c']);
      expect(await ids({ limit: 0 })).toEqual([]);
    }
  ],
  [
    '_all_docs by keys answers in their order, deleted and missing ones too',
    async ({ db }) => {
      await db.put({ _id: 'here', n: 1 } as { _id: string });
      const { rev } = await db.put({ _id: 'gone' });
      await read(db.request('DELETE', ['gone'], { query: { rev } }));
      const { rows } = await db.allDocs({ keys: ['none', 'gone', 'here'], includeDocs: true });
      expect(rows[0]).toMatchObject({ key: 'none', error: 'not_found' });
      expect(rows[1]).toMatchObject({ id: 'gone', value: { deleted: true }, doc: null });
      expect(rows[2]).toMatchObject({ id: 'here', doc: { n: 1 } });
    }
  ],
  [
    '_all_docs lists more than a page once each, forwards and backwards',
    async ({ db }) => {
      await db.bulkDocs(Array.from({ length: 1_203 }, (_, index) => ({ _id: `doc-${index}` })));
      for (const descending of [false, true]) {
        const { rows } = await db.allDocs({ descending });
        expect(new Set(rows.map(({ id }) => id)).size).toBe(1_203);
        expect(rows).toHaveLength(1_203);
      }
    }
  ]
];

import { expect } from 'vitest';
import { CouchConflict } from '../../couch-error.ts';
import { branch, type Json, read, readList, type StoreCase } from './store-case.ts';

/** Databases, documents, their branches, and what is no document. */
export const documentCases: StoreCase[] = [
  [
    'making a database twice is 201, then 412, and removing it twice 200, then 404',
    async ({ couch }) => {
      const name = [`${couch.prefix}twice`];
      expect((await read(couch.request('PUT', name))).status).toBe(201);
      const again = await read(couch.request('PUT', name));
      expect([again.status, again.body['error']]).toEqual([412, 'file_exists']);
      expect((await read(couch.request('DELETE', name))).status).toBe(200);
      expect((await read(couch.request('DELETE', name))).status).toBe(404);
    }
  ],
  [
    'a database that is not there is 404 on every path',
    async ({ couch }) => {
      const name = `${couch.prefix}nowhere`;
      for (const path of [[name], [name, '_changes'], [name, '_all_docs'], [name, 'x']]) {
        const { status, body } = await read(couch.request('GET', path));
        expect([path.at(-1), status, body['error']]).toEqual([path.at(-1), 404, 'not_found']);
      }
    }
  ],
  [
    'ensure makes what is missing once, and list names it without the prefix',
    async ({ couch }) => {
      await couch.ensure('c-302');
      await couch.ensure('c-302');
      expect(await couch.list()).toContain('c-302');
      await couch.database('c-302').destroy();
      await couch.database('c-302').destroy();
      expect(await couch.list()).not.toContain('c-302');
      expect(await couch.up()).toBe(true);
    }
  ],
  [
    'a document is written, read, changed on its revision and refused on an old one',
    async ({ db }) => {
      const { rev } = await db.put({ _id: 'doc', colour: 'red' } as { _id: string });
      expect(await db.get('doc')).toMatchObject({ _rev: rev, colour: 'red' });
      await db.put({ _id: 'doc', _rev: rev, colour: 'green' } as { _id: string });
      await expect(db.put({ _id: 'doc', _rev: rev } as { _id: string })).rejects.toThrow(CouchConflict);
      await expect(db.put({ _id: 'doc' })).rejects.toThrow(CouchConflict);
      expect(await db.get('nothing')).toBeNull();
    }
  ],
  [
    'a deleted document is 404 deleted, and may be made again',
    async ({ db }) => {
      const { rev } = await db.put({ _id: 'doc' });
      expect((await read(db.request('DELETE', ['doc'], { query: { rev } }))).status).toBe(200);
      const gone = await read(db.request('GET', ['doc']));
      expect([gone.status, gone.body['reason']]).toEqual([404, 'deleted']);
      expect((await read(db.request('DELETE', ['doc'], { query: { rev } }))).status).toBe(404);
      const { rev: again } = await db.put({ _id: 'doc' });
      expect(again).toMatch(/^3-/);
    }
  ],
  [
    'a batch answers a row for each document, conflicts among them',
    async ({ db }) => {
      await db.put({ _id: 'b' });
      const rows = await db.bulkDocs([{ _id: 'a' }, { _id: 'b' }, { _id: 'c' }]);
      expect(rows.map(({ id, ok, error }) => [id, ok ?? error])).toEqual([
        ['a', true],
        ['b', 'conflict'],
        ['c', true]
      ]);
    }
  ],
  [
    'a batch without new edits keeps the revisions as they come and answers nothing',
    async ({ db }) => {
      const docs = [branch('doc', ['b1', 'a1'], { n: 1 }), branch('doc', ['c1', 'a1'], { n: 2 })];
      expect(await db.bulkDocs(docs, { newEdits: false })).toEqual([]);
      expect(await db.bulkDocs(docs, { newEdits: false })).toEqual([]);
      const winner = await read(db.request('GET', ['doc'], { query: { conflicts: 'true', revs: 'true' } }));
      expect(winner.body).toMatchObject({
        n: 2,
        _rev: '2-c1',
        _conflicts: ['2-b1'],
        _revisions: { start: 2, ids: ['c1', 'a1'] }
      });
    }
  ],
  [
    'a batch without new edits and without a revision is refused whole',
    async ({ db }) => {
      const body = { docs: [{ _id: 'x' }], new_edits: false };
      expect((await read(db.request('POST', '_bulk_docs', { body }))).status).toBe(400);
    }
  ],
  [
    'open_revs gives every leaf, or those asked for, and says which are missing',
    async ({ db }) => {
      await db.bulkDocs([branch('doc', ['b1', 'a1']), branch('doc', ['c1', 'a1'])], { newEdits: false });
      const all = await readList(db.request('GET', ['doc'], { query: { open_revs: 'all' } }));
      expect(all.map(({ ok }) => (ok as Json)['_rev']).sort()).toEqual(['2-b1', '2-c1']);
      const query = { open_revs: JSON.stringify(['2-b1', '7-z1']), revs: 'true' };
      const some = await readList(db.request('GET', ['doc'], { query }));
      expect(some.map((row) => row['missing'] ?? (row['ok'] as Json)['_rev'])).toEqual(['2-b1', '7-z1']);
      expect((await read(db.request('GET', ['none'], { query: { open_revs: 'all' } }))).status).toBe(404);
    }
  ],
  [
    '_bulk_get answers latest for an unknown revision and an unknown document like for any other',
    async ({ db }) => {
      await db.bulkDocs([branch('doc', ['b1', 'a1'])], { newEdits: false });
      const docs = [{ id: 'doc', rev: '9-z9' }, { id: 'none', rev: '1-a1' }, { id: 'doc', rev: '1-a1' }, { id: 'doc' }];
      const { status, body } = await read(
        db.request('POST', '_bulk_get', { query: { latest: 'true', revs: 'true' }, body: { docs } })
      );
      expect(status).toBe(200);
      const found = (body['results'] as { docs: { ok?: Json; error?: Json }[] }[]).map(
        ({ docs: [first] }) => first?.ok?.['_rev'] ?? first?.error?.['error']
      );
      expect(found).toEqual(['not_found', 'not_found', '2-b1', '2-b1']);
    }
  ],
  [
    '_revs_diff names what is missing, and every leaf below it',
    async ({ db }) => {
      await db.bulkDocs([branch('doc', ['b1', 'a1']), branch('doc', ['c1', 'a1'])], { newEdits: false });
      const { body } = await read(
        db.request('POST', '_revs_diff', { body: { doc: ['1-a1', '2-b1', '9-z1'], none: ['1-a1'] } })
      );
      expect(body['doc']).toMatchObject({ missing: ['9-z1'] });
      expect((body['doc'] as { possible_ancestors: string[] }).possible_ancestors.sort()).toEqual(['2-b1', '2-c1']);
      expect(body['none']).toEqual({ missing: ['1-a1'] });
    }
  ],
  [
    'a _local document is kept apart: read back, overwritten, in no list and in no feed',
    async ({ db }) => {
      expect(await db.getLocal('place')).toBeNull();
      await db.putLocal('place', { at: 1 });
      await db.putLocal('place', { at: 2 });
      expect(await db.getLocal('place')).toMatchObject({ _id: '_local/place', at: 2 });
      expect((await db.allDocs()).rows).toEqual([]);
      expect((await db.changes()).results).toEqual([]);
    }
  ],
  [
    'info counts the documents and gives the sequence to read on from',
    async ({ db, couch }) => {
      await db.bulkDocs([{ _id: 'a' }, { _id: 'b' }]);
      const { body } = await read(db.request('GET', []));
      expect(body).toMatchObject({ db_name: `${couch.prefix}${db.name}`, doc_count: 2 });
      expect((await db.changes({ since: body['update_seq'] as string })).results).toEqual([]);
    }
  ],
  [
    'a document keeps fields of any name and text of any script',
    async ({ db }) => {
      const doc = { _id: 'doc', constructor: 1, toString: '字', deep: { hasOwnProperty: [null, true, 1.5, '𠮷'] } };
      await db.put(doc);
      expect(await db.get('doc')).toMatchObject(doc);
    }
  ]
];

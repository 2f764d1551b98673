import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CouchAnswer } from '../couch-http.ts';
import { connectCouch, CouchConflict, type Couch, type Database } from '../couch.ts';

type Json = Record<string, unknown>;
type Answer = { status: number; body: Json };

export type StoreCase = [name: string, check: (at: { couch: Couch; db: Database }) => Promise<void>];

/** What the hub needs of its database, told over plain HTTP: the embedded store passes it, and so does CouchDB. */
export const storeCases: StoreCase[] = [
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

/** What waits for news, or numbers its rows sparsely: no part of the hub's own work asks for it. */
export const feedCases: StoreCase[] = [
  [
    'a longpoll waits for the next write and hears of it',
    async ({ db }) => {
      const { last_seq: since } = await db.changes();
      const waiting = db.changes({ feed: 'longpoll', since, includeDocs: true });
      await db.put({ _id: 'late' });
      expect((await waiting).results.map(({ id }) => id)).toEqual(['late']);
    }
  ],
  [
    'a longpoll that hears nothing ends with its timeout',
    async ({ db }) => {
      const answer = await db.changes({ feed: 'longpoll', since: 'now', timeoutMs: 50 });
      expect(answer.results).toEqual([]);
    }
  ],
  [
    'a longpoll with a heartbeat sends empty lines meanwhile',
    async ({ db }) => {
      const stop = new AbortController();
      const query = { feed: 'longpoll', since: 'now', heartbeat: '20' };
      const response = await db.request('GET', '_changes', { query, signal: stop.signal });
      let text = '';
      for await (const chunk of response.body!) {
        text += Buffer.from(chunk as Uint8Array).toString();
        if (/\n\n\n/.test(text)) break;
      }
      stop.abort();
      expect(text).toMatch(/\n\n\n/);
    }
  ],
  [
    '_db_updates tells of a write in any database to whoever waits',
    async ({ db, couch }) => {
      // CouchDB keeps this feed in a database of its own.
      await (await couch.request('PUT', '_global_changes')).body?.cancel();
      const { body } = await read(couch.request('GET', '_db_updates', { query: { since: 'now' } }));
      const wait = (since: unknown) =>
        read(
          couch.request('GET', '_db_updates', { query: { feed: 'longpoll', since: String(since), timeout: '10000' } })
        );
      let waiting = wait(body['last_seq']);
      await db.put({ _id: 'news' });
      // Others may write on the same server, and are told of too.
      for (;;) {
        const { results, last_seq } = (await waiting).body as { results: { db_name: string }[]; last_seq: string };
        expect(results).not.toEqual([]);
        if (results.some(({ db_name }) => db_name === `${couch.prefix}${db.name}`)) return;
        waiting = wait(last_seq);
      }
    }
  ],
  [
    '_changes reads more than a page in one answer, with seq_interval between the sequences',
    async ({ db }) => {
      await db.bulkDocs(Array.from({ length: 1_203 }, (_, index) => ({ _id: `doc-${index}` })));
      const { body } = await read(db.request('GET', '_changes', { query: { seq_interval: '100' } }));
      const results = body['results'] as { seq: string | null; id: string }[];
      expect(new Set(results.map(({ id }) => id)).size).toBe(1_203);
      expect(results.filter(({ seq }) => seq !== null).length).toBeLessThan(20);
      expect((await db.changes({ since: body['last_seq'] as string })).results).toEqual([]);
    }
  ]
];

type Backend = { url: string; fetch?: typeof fetch; stop(): Promise<void> };

/** Runs the suite on a backend that is started for it; each case has a database of its own. */
export function acceptStore(
  title: string,
  start: () => Promise<Backend>,
  cases: readonly StoreCase[] = [...storeCases, ...feedCases]
): void {
  describe(title, () => {
    let backend: Backend;
    let couch: Couch;
    beforeAll(async () => {
      backend = await start();
      couch = connectCouch({
        url: backend.url,
        fetch: backend.fetch,
        prefix: `jujube-test-${randomBytes(4).toString('hex')}-`
      });
    }, 30_000);
    afterAll(async () => {
      for (const name of await couch.list()) await couch.database(name).destroy();
      await backend.stop();
    });
    it.each(cases.map(([name, check], index) => ({ name, check, index })))('$name', async ({ check, index }) => {
      await check({ couch, db: await couch.ensure(`case-${index}`) });
    });
  });
}

async function read(answer: Promise<CouchAnswer>): Promise<Answer> {
  const response = await answer;
  return { status: response.status, body: (await response.json()) as Json };
}

const readList = async (answer: Promise<CouchAnswer>) => (await (await answer).json()) as Json[];

/** A document with the history of one branch, newest first. */
function branch(_id: string, ids: string[], fields: object = {}) {
  return { _id, _rev: `${ids.length}-${ids[0]}`, _revisions: { start: ids.length, ids }, ...fields };
}

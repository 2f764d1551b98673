import { expect } from 'vitest';
import { read, type StoreCase } from './store-case.ts';

/** What waits for news, or numbers its rows sparsely: no part of the hub’s own work asks for it. */
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

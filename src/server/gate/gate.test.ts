import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import PouchDB from 'pouchdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindSamples } from '#domain/testing/kind-samples.ts';
import { emptyLog } from '../../../tests/people.ts';
import { startStore } from '../../../tests/start-store.ts';
import { connectCouch } from '../couch.ts';
import { backends, origin, startGate, tellNotRun, type Answer, type TestGate } from './testing/start-gate.ts';

const mine = kindSamples('lin').comment;
const meis = kindSamples('mei').comment;
const circle = '/db/c302';

tellNotRun(14);

describe.each(backends)('the gate in front of $backend', ({ startBackend }) => {
  let gate: TestGate;
  const as = (person: string | null, method: string, path: string, init?: Parameters<TestGate['as']>[3]) =>
    gate.as(person, method, path, init);
  const write = (person: string, docs: unknown[], newEdits = true) =>
    as(person, 'POST', `${circle}/_bulk_docs`, { body: { docs, new_edits: newEdits } });
  const said = ({ status, body }: Answer) => [status, body['error']];

  beforeAll(async () => {
    gate = await startGate({ startBackend });
    for (const name of ['c-c302', 'c-c303', 'me-lin', 'me-mei']) await gate.store.couch.ensure(name);
    for (const person of ['lin', 'mei']) gate.join('c302', person);
    gate.join('c302', 'zhou', 'steward');
    gate.join('c303', 'fang');
    await gate.store.couch.database('c-c302').bulkDocs([meis, kindSamples('lin').member]);
  }, 30_000);
  afterAll(() => gate.stop());

  it('asks in order: site, circle, session, membership, route, then method and query', async () => {
    const evil = { origin: 'https://elsewhere.example' };
    expect((await as(null, 'GET', '/db/C%2F', { headers: evil })).status).toBe(403);
    expect((await as(null, 'GET', '/db/C%2F')).status).toBe(404);
    expect((await as(null, 'GET', '/db/c999/_security?x=1')).status).toBe(401);
    expect((await as('lin', 'GET', '/db/c999/_security?x=1')).status).toBe(404);
    expect((await as('lin', 'GET', `${circle}/_security?x=1`)).status).toBe(404);
    expect((await as('lin', 'GET', `${circle}/_changes?x=1`)).status).toBe(400);
    expect((await as('lin', 'POST', `${circle}/_bulk_docs?x=1`, { raw: '{' })).status).toBe(400);
  });

  it('lets no other site in and names none', async () => {
    const foreign: Record<string, string>[] = [
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: `${origin}.example` }
    ];
    for (const headers of foreign) {
      expect((await as('lin', 'GET', circle, { headers })).status).toBe(403);
    }
    const own = await as('lin', 'GET', circle, { headers: { origin } });
    expect(own.status).toBe(200);
    expect(
      [...own.headers.keys()].filter((name) => /access-control|server|x-couch|etag|location|set-cookie/.test(name))
    ).toEqual([]);
    expect(
      (
        await as('lin', 'POST', `${circle}/_bulk_docs`, {
          raw: '{"docs":[]}',
          headers: { 'content-type': 'text/plain' }
        })
      ).status
    ).toBe(415);
  });

  it('gives the circle’s own name and nothing else of the database', async () => {
    const { body } = await as('lin', 'GET', circle);
    expect(body['db_name']).toBe('c302');
    expect(Object.keys(body).sort()).toEqual(
      expect.not.arrayContaining(['cluster', 'props', 'sizes', 'disk_format_version'])
    );
  });

  it('answers a stale revision like CouchDB, in a batch and alone', async () => {
    const doc = { ...mine, _id: 'lin:comment:stale' };
    const first = await as('lin', 'PUT', `${circle}/${doc._id}`, { body: doc });
    expect([first.status, Object.keys(first.body)]).toEqual([201, ['ok', 'id', 'rev']]);
    expect(said(await as('lin', 'PUT', `${circle}/${doc._id}`, { body: doc }))).toEqual([409, 'conflict']);
    expect((await write('lin', [doc])).body[0]).toMatchObject({ id: doc._id, error: 'conflict' });
    const { rev } = first.body as unknown as { rev: string };
    expect((await as('lin', 'DELETE', `${circle}/${doc._id}?rev=${rev}`)).status).toBe(200);
    expect((await as('lin', 'DELETE', `${circle}/${doc._id}?rev=${rev}`)).status).toBe(404);
  });

  it('rings after what was stored, and only then', async () => {
    gate.rings.length = 0;
    await write('lin', [{ ...mine, _id: 'lin:comment:ring' }, meis]);
    await write('lin', [meis]);
    await as('lin', 'POST', '/db/me/_bulk_docs', { body: { docs: [kindSamples('lin').message] } });
    expect(gate.rings).toMatchObject([
      { circle: 'c302', ids: ['lin:comment:ring'] },
      { person: 'lin', ids: [kindSamples('lin').message._id] }
    ]);
  });

  it('answers _bulk_get latest and _revs_diff for what nobody has', async () => {
    const docs = [
      { id: meis._id, rev: '99-unknown' },
      { id: meis._id, rev: 'no revision' },
      { id: 'mei:comment:none', rev: '1-a' }
    ];
    const got = await as('lin', 'POST', `${circle}/_bulk_get?latest=true&revs=true`, { body: { docs } });
    expect([got.status, got.text.match(/"not_found"/g)?.length]).toEqual([200, 3]);
    const revs = { [meis._id]: ['99-unknown', 'x'.repeat(5_000)], '_design/x': ['1-a'] };
    const diff = await as('lin', 'POST', `${circle}/_revs_diff`, { body: revs });
    expect(diff.body[meis._id as never]).toMatchObject({ missing: revs[meis._id] });
    expect(diff.body['_design/x' as never]).toEqual({ missing: ['1-a'] });
  });

  it('shows no design document that an operator put there', async () => {
    const database = gate.store.couch.database('c-c302');
    await database.bulkDocs([{ _id: '_design/operator' }]);
    for (const path of [
      '/_all_docs',
      '/_all_docs?startkey=%22_%22',
      '/_changes?include_docs=true',
      '/_changes?descending=true'
    ]) {
      const { status, text } = await as('lin', 'GET', circle + path);
      expect([path, status, text.includes('_design')]).toEqual([path, 200, false]);
    }
    expect((await as('lin', 'GET', `${circle}/_design%2Foperator`)).status).toBe(404);
  });

  it('fills a page as if there were no design document: a short one would tell a device that it has seen all', async () => {
    const database = gate.store.couch.database('c-c303');
    const ids = Array.from({ length: 7 }, (_, index) => `fang:comment:page-${index}`);
    const fangs = kindSamples('fang').comment;
    await database.bulkDocs([...ids.slice(0, 3).map((_id) => ({ ...fangs, _id })), { _id: '_design/operator' }]);
    await database.bulkDocs(ids.slice(3).map((_id) => ({ ...fangs, _id })));
    type Page = { results: { id: string; seq: string }[]; last_seq: string; pending: number };
    for (const limit of [1, 2, 3, 4, 5]) {
      const seen: string[] = [];
      for (let since = '0', left = ids.length; left > 0;) {
        const { body } = await as(
          'fang',
          'GET',
          `/db/c303/_changes?limit=${limit}&seq_interval=${limit}&since=${since}`
        );
        const { results, last_seq, pending } = body as unknown as Page;
        expect([limit, results.length, last_seq]).toEqual([
          limit,
          Math.min(limit, left),
          results.at(-1)?.seq ?? last_seq
        ]);
        seen.push(...results.map(({ id }) => id));
        left -= results.length;
        expect(pending).toBeGreaterThanOrEqual(left);
        since = encodeURIComponent(last_seq);
      }
      expect([limit, seen]).toEqual([limit, ids]);
      const pages = await as('fang', 'GET', `/db/c303/_all_docs?limit=${limit}`);
      expect((pages.body as unknown as { rows: object[] }).rows).toHaveLength(limit);
    }
    const log = emptyLog();
    const send = (url: string | Request, init: RequestInit = {}) =>
      fetch(url, {
        ...init,
        headers: { ...Object.fromEntries(new Headers(init.headers)), cookie: 'jujube_session=fang' }
      });
    const remote = new PouchDB(`${gate.url}/db/c303`, { fetch: send as never });
    await log.replicate.from(remote, { batch_size: 1 });
    expect((await log.allDocs()).rows.map(({ id }) => id)).toEqual(ids);
  });

  it('says 413 to a request above 8 MB after it was read, and to too many documents', async () => {
    const raw = JSON.stringify({ docs: [{ ...mine, text: 'x'.repeat(10_000_000) }] });
    expect(said(await as('lin', 'POST', `${circle}/_bulk_docs`, { raw }))).toEqual([413, 'too_large']);
    const many = { docs: Array.from({ length: 100_000 }, () => ({ _id: 'x' })) };
    expect((await as('lin', 'POST', `${circle}/_bulk_docs`, { body: many })).status).toBe(413);
    const ids = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`lin:comment:${index}`, []]));
    expect((await as('lin', 'POST', `${circle}/_revs_diff`, { body: ids })).status).toBe(413);
    const keys = Array.from({ length: 1_000_000 }, () => 'lin');
    expect((await as('lin', 'POST', `${circle}/_all_docs`, { body: { keys } })).status).toBe(413);
  });

  it('takes a checkpoint of 16 kB and not a byte more', async () => {
    const raw = (bytes: number) => JSON.stringify({ words: 'x'.repeat(bytes - '{"words":""}'.length) });
    const put = (bytes: number) => as('lin', 'PUT', `${circle}/_local/large-${bytes}`, { raw: raw(bytes) });
    expect((await put(16_384)).status).toBe(201);
    expect(said(await put(16_385))).toEqual([413, 'too_large']);
  });

  it('takes 100 documents of 32 kB in one request', async () => {
    const docs = Array.from({ length: 100 }, (_, index) => ({
      ...mine,
      _id: `lin:comment:large-${index}`,
      text: 'x'.repeat(32_000)
    }));
    const { status, body } = await write('lin', docs);
    expect([status, body.filter((row) => (row as Answer['body'])['ok']).length]).toEqual([201, 100]);
  });

  it('[R10] lets a document have ten branches, joined ones not counted, and no eleventh', async () => {
    const branch = (hash: string, ...before: string[]) => ({
      ...mine,
      _id: 'lin:comment:tree',
      _revisions: { start: 1 + before.length, ids: [hash, ...before] }
    });
    const refused = async (...docs: object[]) => (await write('lin', docs, false)).body.length;
    for (let index = 0; index < 9; index += 1) expect(await refused(branch(`root${index}`))).toBe(0);
    expect(await refused(branch('root9'), branch('root10'), branch('root11'))).toBe(2);
    expect(await refused(branch('root12'))).toBe(1);
    expect(await refused(branch('next', 'root3'), branch('after', 'next', 'root3'))).toBe(0);
    expect(
      await refused({ _id: 'lin:comment:tree', _deleted: true, _revisions: { start: 2, ids: ['gone', 'root4'] } })
    ).toBe(0);
    expect(await refused(branch('root13'))).toBe(1);
  });

  it('ends the open streams of a removed member within 5 s, and keeps the others’', async () => {
    const stream = (person: string) =>
      openStream(gate.url, person, '/db/c302/_changes?feed=longpoll&since=now&heartbeat=1000');
    gate.join('c302', 'hao');
    gate.join('c302', 'fang');
    const [cut, watched, kept] = [await stream('hao'), await stream('fang'), await stream('mei')];
    gate.members.get('c302')!.delete('hao');
    gate.gate.cut('c302', 'hao');
    gate.members.get('c302')!.delete('fang');
    await Promise.race([
      Promise.all([cut.ended, watched.ended]),
      sleep(5_000).then(() => Promise.reject(new Error('still open')))
    ]);
    expect(kept.isOpen()).toBe(true);
    kept.close();
    expect((await as('hao', 'GET', `${circle}/_changes`)).status).toBe(404);
  });

  it('ends the open streams of whoever signed out', async () => {
    gate.join('c302', 'xiaoyu');
    const open = await openStream(gate.url, 'xiaoyu', '/db/c302/_changes?feed=longpoll&since=now&heartbeat=1000');
    gate.ended.add('xiaoyu');
    await Promise.race([open.ended, sleep(5_000).then(() => Promise.reject(new Error('still open')))]);
    expect((await as('xiaoyu', 'GET', circle)).status).toBe(401);
  });

  it('bounds how many streams one person may hold open, and others do not feel it', async () => {
    const statuses: number[] = [];
    const streams = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const stream = await openStream(gate.url, 'zhou', '/db/c302/_changes?feed=longpoll&since=now&heartbeat=1000');
        statuses.push(stream.status);
        return stream;
      })
    );
    expect(statuses.filter((status) => status === 429).length).toBe(60 - 24);
    expect((await as('lin', 'GET', circle)).status).toBe(200);
    for (const stream of streams) stream.close();
  });
});

it('tells whoever asks too often when to come back', async () => {
  const gate = await startGate({ limitFactor: 0.001 });
  await gate.store.couch.ensure('c-c302');
  gate.join('c302', 'lin');
  const answers = [];
  for (let turn = 0; turn < 4; turn += 1) answers.push(await gate.as('lin', 'GET', '/db/c302'));
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.body).toMatchObject({ error: 'too_many_requests' });
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  await gate.stop();
});

it('[R6] has a claim acknowledged by all copies of a cluster, and the rest by as many as the database thinks right', async () => {
  const asked: Record<string, unknown>[] = [];
  const startBackend = async () => {
    const store = await startStore();
    const couch = connectCouch({
      ...store,
      fetch: (url, init) => {
        if (url.includes('/_bulk_docs')) asked.push(JSON.parse(init?.body as string));
        return fetch(url, init);
      }
    });
    return { ...store, couch };
  };
  for (const copies of [3, 1]) {
    const gate = await startGate({ startBackend, copies });
    await gate.store.couch.ensure('c-c302');
    gate.join('c302', 'mei');
    for (const kind of ['comment', 'claim'] as const) {
      const body = { docs: [kindSamples('mei')[kind]] };
      expect((await gate.as('mei', 'POST', '/db/c302/_bulk_docs', { body })).body).toMatchObject([{ ok: true }]);
    }
    await gate.stop();
  }
  expect(asked.map(({ w }) => w)).toEqual([undefined, 3, undefined, undefined]);
});

it('says 503 while the database is down', async () => {
  const gate = await startGate();
  gate.join('c302', 'lin');
  await gate.store.couch.ensure('c-c302');
  const down = { ...gate.store };
  await down.stop();
  const answer = await gate.as('lin', 'GET', '/db/c302/_all_docs');
  expect([answer.status, answer.body['error']]).toEqual([503, 'unavailable']);
  gate.store.stop = async () => {};
  await gate.stop();
});

type Stream = { status: number; ended: Promise<unknown>; isOpen(): boolean; close(): void };

async function openStream(url: string, person: string, path: string): Promise<Stream> {
  const request = httpRequest(url + path, { headers: { cookie: `jujube_session=${person}` }, agent: false });
  request.on('error', () => {});
  request.end();
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  response.resume();
  response.on('error', () => {});
  let open = true;
  const ended = new Promise<void>((resolve) => response.on('close', resolve)).then(() => (open = false));
  return { status: response.statusCode ?? 0, ended, isOpen: () => open, close: () => request.destroy() };
}

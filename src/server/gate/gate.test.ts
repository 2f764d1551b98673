import { expect, it } from 'vitest';
import { kindSamples } from '#domain/testing/kind-samples.ts';
import { startStore } from '../../../tests/start-store.ts';
import { connectCouch } from '../couch.ts';
import { circle, describeGate, meis, mine, said } from './testing/circle-gate.ts';
import { origin, startGate } from './testing/start-gate.ts';

describeGate(6, ({ gate, as, write }) => {
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
    gate().rings.length = 0;
    await write('lin', [{ ...mine, _id: 'lin:comment:ring' }, meis]);
    await write('lin', [meis]);
    await as('lin', 'POST', '/db/me/_bulk_docs', { body: { docs: [kindSamples('lin').message] } });
    expect(gate().rings).toMatchObject([
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

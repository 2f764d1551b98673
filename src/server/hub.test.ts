import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindSamples } from '#domain/testing/kind-samples.ts';
import { inviteTo, moveIn, type Person } from '../../tests/people.ts';
import { startHub, type TestHub } from '../../tests/start-hub.ts';
import { startStore, type TestStore } from '../../tests/start-store.ts';
import { createMetrics } from './metrics.ts';

describe('the hub', () => {
  let store: TestStore;
  let hub: TestHub;
  let lin: Person;
  let mei: Person;
  let circle: string;

  beforeAll(async () => {
    store = await startStore();
    hub = await startHub(store, { metricsToken: 'jujubes for everybody' });
    const house = await moveIn(hub.url, { setup: hub.setup, names: ['Lin', 'Mei'] });
    circle = house.circle;
    [lin, mei] = house.people as [Person, Person];
  });
  afterAll(async () => {
    await hub.stop();
    await store.stop();
  });

  const get = (path: string, headers: Record<string, string> = {}) => fetch(hub.url + path, { headers });

  it.each(['/', '/c/302', '/api/health', '/api/me', '/api/nothing', '/db/', '/db/302/', '/nothing.js', '/s/x'])(
    'puts security headers on its answer to %s',
    async (path) => {
      const { headers } = await get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  );

  it('tells how it is', async () => {
    const answer = await get('/api/health');
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'ok', backend: 'embedded', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) }
    ]);
  });

  it('says so with 503 where its database does not answer', async () => {
    const down = await startHub({ ...store, couch: { ...store.couch, up: async () => false } }, { notary: false });
    const answer = await fetch(`${down.url}/api/health`);
    expect([answer.status, await answer.json()]).toMatchObject([503, { status: 'database-down' }]);
    await down.stop();
  });

  it('gives figures to whoever has the token, and has none to give without one', async () => {
    expect((await get('/api/metrics')).status).toBe(401);
    const forged = { ...kindSamples(mei.id).comment, _id: `${mei.id}:comment:forged` };
    expect(await lin.write(circle, forged, kindSamples(lin.id).comment)).toHaveLength(1);
    const answer = await get('/api/metrics', { authorization: 'Bearer jujubes for everybody' });
    const text = await answer.text();
    for (const line of [
      /^jujube_database_up 1$/m,
      /^jujube_requests_total\{part="api",status="2xx"\} [1-9]\d*$/m,
      /^jujube_request_seconds_bucket\{part="db",le="\+Inf"\} [1-9]\d*$/m,
      /^jujube_request_seconds_count\{part="db"\} [1-9]\d*$/m,
      /^jujube_open_requests\{part="api"\} 1$/m,
      /^jujube_refused_rows_total\{code="not-yours"\} 1$/m,
      /^jujube_rings_total [1-9]\d*$/m,
      /^jujube_follower_waiting\{name="notary"\} \d+$/m,
      /^jujube_follower_lag_seconds\{name="delivery"\} \d/m,
      /^jujube_disk_bytes\{what="free"\} [1-9]\d*$/m,
      /^jujube_event_loop_delay_seconds \d/m
    ])
      expect(text).toMatch(line);
    const other = await startHub(store);
    expect((await fetch(`${other.url}/api/metrics`)).status).toBe(404);
    await other.stop();
  });

  it('lets no person, circle or record be told from the figures, and they grow with nobody', async () => {
    const figures = async () => (await get('/api/metrics', { authorization: 'Bearer jujubes for everybody' })).text();
    const names = (text: string) => text.split('\n').map((line) => line.split(' ')[0]);
    await lin.write(circle, { _id: `${lin.id}:nonsense:x`, kind: 'nonsense' }, { _id: 'x' });
    const before = await figures();
    for (const secret of [circle, lin.id, mei.id, 'lin', 'mei', 'nonsense', store.prefix])
      expect(before).not.toMatch(new RegExp(`\\b${secret}\\b`, 'i'));
    await moveIn(hub.url, { founder: lin, circle: 'Hangzhou', names: ['Fang'] });
    expect(names(await figures())).toEqual(names(before));
  });

  it('counts how long things take in the bounds that they fall into', () => {
    let at = 0;
    const metrics = createMetrics({ now: () => at });
    for (const ms of [4, 40, 400, 40_000]) {
      const over = metrics.begun('db');
      at += ms;
      over(200);
    }
    const text = metrics.text({
      up: true,
      devicesMissing: 0,
      followers: [],
      storeRestarts: 2,
      disk: [],
      loopDelaySeconds: 0
    });
    expect(
      [...text.matchAll(/^jujube_request_seconds_bucket\{part="db",le="(.*)"\} (\d)$/gm)].map(
        ([, le, n]) => `${le}:${n}`
      )
    ).toEqual([
      '0.005:1',
      '0.01:1',
      '0.025:1',
      '0.05:2',
      '0.1:2',
      '0.25:2',
      '0.5:3',
      '1:3',
      '2.5:3',
      '5:3',
      '10:3',
      '+Inf:4'
    ]);
    expect(text).toMatch(/^jujube_store_restarts_total 2$/m);
    expect(text).toMatch(/^jujube_open_requests\{part="db"\} 0$/m);
  });

  it.each(['/api', '/api/', '/api/nothing', '/api/../db/302', '/api//me', '/api/%2e%2e/me'])(
    'answers %s with JSON and 404',
    async (path) => {
      const response = await rawGet(path);
      expect(response).toMatch(/^HTTP\/1\.1 404 /);
      expect(response).toMatch(/"code":"not-found"/);
    }
  );

  it('says that the app is not built where it is not', async () => {
    const answer = await get('/c/302', { accept: 'text/html' });
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('npm run build')]);
  });

  it('gives records of its own back to itself after a restore, but none from another circle, altered or older', async () => {
    const member = (person: Person, id = circle) => lin.read<Record<string, unknown>>(id, `hub:member:${person.id}`);
    await lin.call('PATCH', `/api/circles/${circle}/members/${mei.id}`, { role: 'steward' });
    const newer = (await member(mei))!;
    const database = store.couch.database(`c-${circle}`);
    const revisions = (await (
      await database.request('GET', [newer['_id'] as string], { query: { revs: 'true' } })
    ).json()) as Record<string, unknown>;
    const giveBack = async (...records: object[]) =>
      (await mei.call('POST', `/api/circles/${circle}/returned`, { records })).body as unknown as object[];

    expect(await giveBack(revisions)).toEqual([
      { id: newer['_id'], error: 'forbidden', reason: expect.stringMatching(/^counter/) }
    ]);
    // What the hub is after a restore: the record is as it was before.
    await database.destroy();
    await store.couch.ensure(`c-${circle}`);
    const older = { ...newer, _id: `hub:member:${mei.id}`, counter: 1, signature: 'older', _rev: undefined };
    await database.put(older);
    expect(await giveBack({ ...revisions, role: 'member' })).toMatchObject([
      { error: 'forbidden', reason: expect.stringMatching(/^signature/) }
    ]);
    expect(await giveBack({ _id: `${mei.id}:listing:x` })).toMatchObject([
      { error: 'forbidden', reason: expect.stringMatching(/^hub-only/) }
    ]);
    expect(await giveBack(revisions)).toMatchObject([{ id: newer['_id'], ok: true }]);
  });

  it('lets nobody be steward by another circle’s record', async () => {
    const own = await moveIn(hub.url, { founder: mei, circle: '303', names: [] });
    const other = await moveIn(hub.url, { founder: lin, circle: 'hangzhou', names: [] });
    await mei.call('POST', `/api/invites/${await inviteTo(lin, other.circle)}/accept`);
    const record = (await mei.read<object>(own.circle, `hub:member:${mei.id}`))!;
    const { body } = await mei.call('POST', `/api/circles/${other.circle}/returned`, {
      records: [{ ...record, counter: 9 }, record]
    });
    expect(body).toMatchObject([{ error: 'forbidden' }, { error: 'forbidden' }]);
  });

  /** `fetch` folds dots out of a path; a socket does not. */
  async function rawGet(path: string): Promise<string> {
    const { connect } = await import('node:net');
    const { hostname, port } = new URL(hub.url);
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), hostname, () => {
        socket.end(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\n\r\n`);
      });
      socket.on('data', (chunk) => (text += chunk));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
  }
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inviteTo, moveIn, type Person } from '../../tests/people.ts';
import { startHub, type TestHub } from '../../tests/start-hub.ts';
import { startStore, type TestStore } from '../../tests/start-store.ts';

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

  it('gives figures to whoever has the token, and has none to give without one', async () => {
    expect((await get('/api/metrics')).status).toBe(401);
    const answer = await get('/api/metrics', { authorization: 'Bearer jujubes for everybody' });
    const text = await answer.text();
    expect(text).toMatch(/^jujube_database_up 1$/m);
    expect(text).toMatch(/^jujube_requests_total\{part="api",status="2xx"\} \d+$/m);
    expect(text).not.toContain(circle);
    const other = await startHub(store);
    expect((await fetch(`${other.url}/api/metrics`)).status).toBe(404);
    await other.stop();
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

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveIn, passwordOf, signIn, signUp, type Person } from '../../../tests/people.ts';
import { startHub, type TestHub } from '../../../tests/start-hub.ts';
import { startStore, type TestStore } from '../../../tests/start-store.ts';

describe('signing in', () => {
  let store: TestStore;
  let hub: TestHub;
  let lin: Person;
  let mei: Person;

  beforeAll(async () => {
    store = await startStore();
    hub = await startHub(store, { limits: 1 });
    const house = await moveIn(hub.url, { setup: hub.setup, names: ['Lin', 'Mei'] });
    [lin, mei] = house.people as [Person, Person];
  });
  afterAll(async () => {
    await hub.stop();
    await store.stop();
  });

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(hub.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body)
    });

  it('sets a cookie that scripts and other sites cannot use', async () => {
    const answer = await post('/api/session', { login: 'lin', password: passwordOf(lin) });
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^jujube_session=[^;]{43,}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=7776000$/);
    expect(await answer.json()).toMatchObject({
      id: lin.id,
      login: 'lin',
      name: 'Lin',
      circles: [{ role: 'steward' }]
    });
  });

  it('takes a login as a phone types it', async () => {
    expect((await post('/api/session', { login: 'Lin ', password: passwordOf(lin) })).status).toBe(200);
  });

  it('tells an unknown login and a wrong password in the same words', async () => {
    const known = await post('/api/session', { login: 'lin', password: 'wrong wrong' });
    const unknown = await post('/api/session', { login: 'nobody', password: 'wrong wrong' });
    expect([known.status, unknown.status]).toEqual([401, 401]);
    expect(await known.text()).toBe(await unknown.text());
  });

  it('ends guessing with 429 and when to come back, for logins that nobody has too', async () => {
    for (const login of ['mei', 'no-such-login']) {
      const statuses = [];
      for (let i = 0; i < 12; i++)
        statuses.push((await post('/api/session', { login, password: `guess ${i}` })).status);
      expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
    }
    const answer = await post('/api/session', { login: 'mei', password: 'guess' });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('ends with signing out: the old cookie is nobody', async () => {
    const phone = await signIn(hub.url, lin);
    expect((await phone.call('GET', '/api/me')).status).toBe(200);
    expect((await phone.call('DELETE', '/api/session')).status).toBe(204);
    expect((await phone.call('GET', '/api/me')).status).toBe(401);
    expect((await phone.call('DELETE', '/api/session')).status).toBe(204);
  });

  it('on another browser of the phone takes six digits, once', async () => {
    const { code } = (await lin.call('POST', '/api/session/handoff')).body;
    expect(code).toMatch(/^\d{6}$/);
    expect((await post('/api/session', { code })).status).toBe(200);
    expect((await post('/api/session', { code })).status).toBe(401);
    // Only a wrong one counts against everybody.
    for (let turn = 0; turn < 12; turn++) {
      const { code: next } = (await lin.call('POST', '/api/session/handoff')).body;
      expect((await post('/api/session', { code: next })).status).toBe(200);
    }
  });

  it('with a new password ends every other session', async () => {
    const phone = await signIn(hub.url, lin);
    const laptop = await signIn(hub.url, lin);
    const passwords = { current: passwordOf(lin), next: 'a whole new word' };
    expect((await phone.call('POST', '/api/password', { ...passwords, current: 'not it' })).status).toBe(403);
    expect((await phone.call('POST', '/api/password', passwords)).status).toBe(204);
    expect((await laptop.call('GET', '/api/me')).status).toBe(401);
    expect((await phone.call('GET', '/api/me')).status).toBe(200);
    expect((await post('/api/session', { login: 'lin', password: passwords.next })).status).toBe(200);
    lin = phone;
    await phone.call('POST', '/api/password', { current: passwords.next, next: passwords.current });
  });

  it('comes back by a recovery code, which works once and ends every session', async () => {
    const phone = await signIn(hub.url, lin);
    const answer = await phone.call('POST', '/api/recovery-codes', { current: passwordOf(lin) });
    const { codes } = answer.body as { codes: string[] };
    expect(codes).toHaveLength(8);
    const recover = { login: 'lin', code: codes[0], password: passwordOf(lin) };
    expect((await post('/api/recover', { ...recover, code: 'abcd-abcd-abcd-abcd' })).status).toBe(401);
    expect((await post('/api/recover', recover)).status).toBe(200);
    expect((await phone.call('GET', '/api/me')).status).toBe(401);
    expect((await post('/api/recover', recover)).status).toBe(401);
    expect(JSON.stringify(await store.couch.database('system').allDocs({ includeDocs: true }))).not.toContain(
      codes[1]!.replaceAll('-', '')
    );
  });

  it('gives recovery codes to whoever knows the password, a session alone is not enough', async () => {
    const phone = await signIn(hub.url, lin);
    expect(await phone.call('POST', '/api/recovery-codes', { current: 'not it' })).toMatchObject({
      status: 403,
      body: { error: { code: 'wrong-current', field: 'current' } }
    });
    expect((await phone.call('POST', '/api/recovery-codes')).status).toBe(400);
    expect((await phone.call('POST', '/api/recovery-codes', { current: passwordOf(lin) })).status).toBe(201);
  });

  it('lists a person’s sessions, and she ends one of them but nobody else’s', async () => {
    const phone = await signIn(hub.url, lin);
    const laptop = await signIn(hub.url, lin);
    const list = (await phone.call('GET', '/api/sessions')).body as unknown as { id: string; current: boolean }[];
    expect(list.filter(({ current }) => current)).toHaveLength(1);
    const { body } = await laptop.call('GET', '/api/sessions');
    const own = (body as unknown as typeof list).find(({ current }) => current)!;
    expect((await mei.call('DELETE', `/api/sessions/${own.id}`)).status).toBe(404);
    expect((await phone.call('DELETE', `/api/sessions/${own.id}`)).status).toBe(204);
    expect((await laptop.call('GET', '/api/me')).status).toBe(401);
  });

  it('survives a restart of the hub', async () => {
    const phone = await signIn(hub.url, lin);
    const second = await startHub(store);
    const answer = await fetch(`${second.url}/api/me`, { headers: { cookie: phone.cookie } });
    expect(answer.status).toBe(200);
    await second.stop();
  });

  it.each([
    ['a foreign Origin', { origin: 'https://elsewhere.example' }, 403],
    ['Origin null', { origin: 'null' }, 403],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a fetch from a subdomain', { 'sec-fetch-site': 'same-site' }, 403],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415]
  ])('refuses %s', async (_, headers, status) => {
    expect((await post('/api/session', { login: 'lin', password: passwordOf(lin) }, headers)).status).toBe(status);
  });

  it('answers in the caller’s language', async () => {
    const answer = await fetch(`${hub.url}/api/me`, { headers: { 'accept-language': 'zh-CN' } });
    expect(await answer.json()).toEqual({
      error: { code: 'signed-out', message: '你还没有在这里登录。请登录后再试。' }
    });
  });

  it('refuses a body above 64 kB and what is no JSON', async () => {
    expect((await post('/api/session', { login: 'x'.repeat(70_000), password: '' })).status).toBe(413);
    const broken = await fetch(`${hub.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"login":'
    });
    expect(broken.status).toBe(400);
  });

  it('keeps a second person of the same browser apart from the first', async () => {
    const before = await signIn(hub.url, lin);
    const answer = await post('/api/session', { login: 'fang', password: 'nothing here' }, { cookie: before.cookie });
    expect(answer.status).toBe(401);
    expect((await before.call('GET', '/api/me')).status).toBe(200);
    const invite = await before.call('POST', `/api/circles/${await circleOf(before)}/invites`);
    await signUp(hub.url, 'Hao', { invite: invite.body['token'] as string });
    await post('/api/session', { login: 'hao', password: passwordOf({ login: 'hao' }) }, { cookie: before.cookie });
    expect((await before.call('GET', '/api/me')).status).toBe(401);
  });

  async function circleOf(person: Person): Promise<string> {
    const { circles } = (await person.call('GET', '/api/me')).body as { circles: { id: string }[] };
    return circles[0]!.id;
  }
});

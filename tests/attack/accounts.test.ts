import { afterAll, beforeAll, expect, it } from 'vitest';
import { inviteTo, passwordOf, signIn, signUp } from '../people.ts';
import { onEveryBackend, startHub } from '../start-hub.ts';
import { openHouse, type House } from './house.ts';

onEveryBackend('whoever wants to be somebody else', (startStore) => {
  let house: House;
  beforeAll(async () => {
    // With the limits that a hub has.
    house = await openHouse(startStore, { limits: 1 });
  });
  afterAll(() => house.stop());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    house.as(null, 'POST', path, { body, headers });
  const statuses = async (count: number, ask: (turn: number) => Promise<{ status: number }>) => {
    const all = await Promise.all(Array.from({ length: count }, (_, turn) => ask(turn)));
    return Object.groupBy(
      all.map(({ status }) => status),
      (status) => status
    ) as Record<number, number[] | undefined>;
  };

  it('has no use of a session that was ended, nor of one from before a new password', async () => {
    const [phone, laptop] = [await signIn(house.hub.url, house.mei), await signIn(house.hub.url, house.mei)];
    await phone.call('DELETE', '/api/session');
    for (const path of [
      '/api/me',
      house.db,
      '/db/me/_all_docs',
      '/api/doorbell',
      `/api/circles/${house.circle}/members`
    ])
      expect([path, (await house.as(phone, 'GET', path)).status]).toEqual([path, 401]);
    const change = { current: passwordOf(house.mei), next: passwordOf(house.mei) };
    expect((await house.mei.call('POST', '/api/password', change)).status).toBe(204);
    expect((await house.as(laptop, 'GET', house.db)).status).toBe(401);
    expect((await house.as(house.mei, 'GET', house.db)).status).toBe(200);
  });

  it('fixes no session beforehand: signing in always makes a new one, and the old one is over', async () => {
    const before = await signIn(house.hub.url, house.mei);
    const answer = await post(
      '/api/session',
      { login: 'mei', password: passwordOf(house.mei) },
      { cookie: before.cookie }
    );
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax;/);
    expect(cookie).not.toContain(before.cookie);
    expect((await house.as(before, 'GET', '/api/me')).status).toBe(401);
    const planted = 'jujube_session=constructor.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
    const planting = await post('/api/session', { login: 'mei', password: passwordOf(house.mei) }, { cookie: planted });
    expect([planting.status, planting.headers.getSetCookie()[0]?.includes('constructor')]).toEqual([200, false]);
    for (const forged of [
      planted,
      `jujube_session=${house.mei.id}.${'a'.repeat(43)}`,
      `jujube_session=${house.mei.id}`,
      'jujube_session=; jujube_session=x'
    ])
      expect((await house.as(null, 'GET', '/api/me', { headers: { cookie: forged } })).status).toBe(401);
  });

  it('sends a cookie over https alone where the hub is reached by https', async () => {
    const other = await startHub(house.store, { origin: 'https://hub.example', notary: false });
    const response = await fetch(`${other.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'mei', password: passwordOf(house.mei) })
    });
    expect(response.headers.getSetCookie()[0]).toMatch(/; Secure$/);
    expect(response.headers.get('strict-transport-security')).toMatch(/^max-age=\d{7,}$/);
    await other.stop();
  });

  it('learns from no word and no status whether a login exists', async () => {
    const words = async (login: string) => {
      const { status, text, headers } = await post('/api/session', { login, password: 'not it at all' });
      return { status, text, headers: [...headers].filter(([name]) => name !== 'date') };
    };
    expect(await words('zhou')).toEqual(await words('nobody-here'));
    const recovering = async (login: string) => {
      const { status, text } = await post('/api/recover', {
        login,
        code: 'abcd-abcd-abcd-abcd',
        password: 'a new password'
      });
      return { status, text };
    };
    expect(await recovering('zhou')).toEqual(await recovering('nobody-here'));
    const enrolling = async (login: string) =>
      (await post('/api/accounts', { login, name: 'X', password: 'long enough', invite: 'x' })).text;
    expect(await enrolling('zhou')).toBe(await enrolling('nobody-here'));
  });

  it('guesses ten times and is then answered 429, while the hub answers everybody else', async () => {
    const guess = (login: string) => (turn: number) => post('/api/session', { login, password: `guess ${turn}` });
    for (const login of ['fang', 'no-such-login']) {
      const { 401: told, 429: refused } = await statuses(25, guess(login));
      expect([told?.length, refused?.length]).toEqual([10, 15]);
    }
    // A login in another spelling is the same login.
    expect((await post('/api/session', { login: ' FANG ', password: 'guess' })).status).toBe(429);
    expect(
      (await post('/api/recover', { login: 'fang', code: 'abcd-abcd-abcd-abcd', password: 'a new password' })).status
    ).toBe(429);
    expect((await house.as(house.fang, 'GET', '/api/me')).status).toBe(200);
    const change = { current: passwordOf(house.fang), next: passwordOf(house.fang) };
    expect((await house.fang.call('POST', '/api/password', change)).status).toBe(204);
  });

  it('guesses no hand-off code: ten tries for everybody together, and the right one then works no more than a wrong one', async () => {
    const { code } = (await house.lin.call('POST', '/api/session/handoff')).body as { code: string };
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    const { 401: told, 429: refused } = await statuses(30, () => post('/api/session', { code: wrong }));
    expect([told?.length, refused?.length]).toEqual([10, 20]);
    expect((await post('/api/session', { code })).status).toBe(429);
  });

  it('gets one of fifty in by an invite for one, and the others leave nothing behind', async () => {
    const invite = await inviteTo(house.zhou, house.circle);
    const accounts = async () =>
      (await house.store.couch.database('system').allDocs()).rows.filter(({ id }) =>
        /^(account|login|enrolment):/.test(id)
      ).length;
    const before = await accounts();
    const { 201: made, 410: late } = await statuses(50, (turn) =>
      post('/api/accounts', { login: `302-${turn}`, name: `302-${turn}`, password: 'long enough', invite })
    );
    expect([made?.length, late?.length]).toEqual([1, 49]);
    // An account and the hold on its login.
    expect((await accounts()) - before).toBe(2);
  });

  it('gets nobody in by an invite that is over or revoked, and uses none up by looking at it', async () => {
    const { zhou, circle } = house;
    const path = `/api/circles/${circle}/invites`;
    const revoked = (await zhou.call('POST', path, { uses: 5 })).body as { invite: string; token: string };
    await zhou.call('DELETE', `${path}/${revoked.invite}`);
    const short = (await zhou.call('POST', path, { expiresInHours: 1e-9 })).body as { token: string };
    for (const { token } of [revoked, short]) {
      expect((await house.as(null, 'GET', `/api/invites/${token}`)).status).toBe(410);
      expect((await house.fang.call('POST', `/api/invites/${token}/accept`)).status).toBe(410);
      expect(
        (await post('/api/accounts', { login: 'late', name: 'X', password: 'long enough', invite: token })).status
      ).toBe(410);
    }
    const token = await inviteTo(zhou, circle);
    const robots = ['GET', 'HEAD', 'GET'] as const;
    for (const method of robots) {
      const looked = await house.as(null, method, `/api/invites/${token}`, {
        headers: { 'user-agent': 'facebookexternalhit/1.1' }
      });
      expect(looked.status).toBe(200);
    }
    await signUp(house.hub.url, 'Granny Wang', { invite: token });
  });

  it('guesses no invite: misses are counted and end in 429, and a good link still works', async () => {
    const { 404: missed, 429: refused } = await statuses(40, (turn) =>
      house.as(null, 'GET', `/api/invites/${house.circle}_${String(turn).padStart(24, 'A')}`)
    );
    // Twenty at once, of which others at the same address may have spent some.
    expect([missed!.length <= 20, refused!.length >= 20]).toEqual([true, true]);
    expect((await house.as(null, 'GET', `/api/invites/${await inviteTo(house.zhou, house.circle)}`)).status).toBe(200);
  });
});

onEveryBackend('the set-up link', (startStore) => {
  it('makes one first account, of many who use it at once', async () => {
    const store = await startStore();
    const hub = await startHub(store, { limits: 1 });
    const { setup } = hub;
    const enrol = (turn: number, token = setup) =>
      fetch(`${hub.url}/api/accounts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: `302-${turn}`, name: `302-${turn}`, password: 'long enough', setup: token })
      });
    expect((await enrol(0, 'guessed')).status).toBe(403);
    const made = await Promise.all(Array.from({ length: 12 }, (_, turn) => enrol(turn)));
    expect(made.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(11).fill(403)]);
    expect(hub.setup).toBe('');
    const { rows } = await store.couch.database('system').allDocs();
    expect(rows.filter(({ id }) => id.startsWith('account:'))).toHaveLength(1);
    await hub.stop();
    await store.stop();
  });
});

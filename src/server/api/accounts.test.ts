import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../../../tests/start-hub.ts';
import { startStore, type TestStore } from '../../../tests/start-store.ts';

describe('the first account', () => {
  let store: TestStore;
  let hub: TestHub;

  beforeEach(async () => {
    store = await startStore();
    hub = await startHub(store);
  });
  afterEach(async () => {
    await hub.stop();
    await store.stop();
  });

  const lin = { login: 'lin', name: 'Lin', password: 'never worn, size S' };
  const make = (body: object, url = hub.url) =>
    fetch(`${url}/api/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body)
    });
  const state = async () => (await fetch(`${hub.url}/api/setup`)).json();

  it('is made with the set-up link, which a failed try does not use up', async () => {
    expect(await state()).toEqual({ needed: true, open: false });
    expect((await make(lin)).status).toBe(403);
    expect((await make({ ...lin, setup: 'not it' })).status).toBe(403);
    expect((await make({ ...lin, setup: hub.setup, password: 'short' })).status).toBe(400);
    const { setup } = hub;
    const answer = await make({ ...lin, setup });
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toHaveLength(1);
    expect(await answer.json()).toMatchObject({ login: 'lin', name: 'Lin', era: expect.any(String), circles: [] });
    expect(await state()).toEqual({ needed: false, open: false });
    expect(hub.setup).toBe('');
    expect((await make({ ...lin, login: 'mei', setup })).status).toBe(403);
  });

  it('is one, of however many who have the link', async () => {
    const { setup } = hub;
    const logins = ['lin', 'mei', 'fang', 'hao', 'zhou'];
    const answers = await Promise.all(logins.map((login) => make({ ...lin, login, setup })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403, 403, 403]);
  });

  it('needs nothing on an open hub, nor do the others; a login is taken once', async () => {
    const open = await startHub(store, { open: true });
    expect((await make(lin, open.url)).status).toBe(201);
    const again = await make({ ...lin, password: 'somebody else entirely' }, open.url);
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ error: { code: 'login-taken', field: 'login' } });
    expect((await make({ ...lin, login: 'mei' }, open.url)).status).toBe(201);
    await open.stop();
  });

  it.each([
    [{ login: 'Lin' }, 'login'],
    [{ login: 'l' }, 'login'],
    [{ login: 'a b' }, 'login'],
    [{ login: ['lin'] }, 'login'],
    [{ name: '  ' }, 'name'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ password: 'seven77' }, 'password'],
    [{ password: undefined }, 'password']
  ])('refuses %j and names the field', async (change, field) => {
    const answer = await make({ ...lin, setup: hub.setup, ...change });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { field } });
  });

  it('has an id drawn at random, and a login that may be a property of objects', async () => {
    const answer = await make({ ...lin, login: 'constructor', setup: hub.setup });
    expect(await answer.json()).toMatchObject({ id: expect.stringMatching(/^[a-z0-9]{12}$/), login: 'constructor' });
    expect((await make({ ...lin, login: '__proto__', setup: hub.setup })).status).toBe(403);
    expect(({} as { name?: string }).name).toBeUndefined();
  });
});

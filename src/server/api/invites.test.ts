import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inviteTo, moveIn, passwordOf, signUp, type Person } from '../../../tests/people.ts';
import { startHub, type TestHub } from '../../../tests/start-hub.ts';
import { startStore, type TestStore } from '../../../tests/start-store.ts';

describe('invites', () => {
  let store: TestStore;
  let hub: TestHub;
  let circle: string;
  let lin: Person;
  let mei: Person;
  let fang: Person;
  let hao: Person;
  let guests = 0;

  beforeAll(async () => {
    store = await startStore();
    hub = await startHub(store);
    const house = await moveIn(hub.url, { setup: hub.setup, names: ['Lin', 'Mei'] });
    circle = house.circle;
    [lin, mei] = house.people as [Person, Person];
    const elsewhere = (await found(lin)).id;
    fang = await signUp(hub.url, 'Fang', { invite: await inviteTo(lin, elsewhere) });
    hao = await signUp(hub.url, 'Hao', { invite: await inviteTo(lin, elsewhere) });
  });
  afterAll(async () => {
    await hub.stop();
    await store.stop();
  });

  const found = async (person: Person) =>
    (await person.call('POST', '/api/circles', { name: '303', circleKind: 'circle' })).body as { id: string };
  const join = (invite: string, login = `302-${String(++guests).padStart(2, '0')}`) =>
    fetch(`${hub.url}/api/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login, name: login, password: passwordOf({ login }), invite })
    });
  const look = (token: string) => fetch(`${hub.url}/api/invites/${token}`);
  const used = async () => {
    const { body } = await lin.call('GET', `/api/circles/${circle}/invites`);
    return (body as unknown as { invite: string; used: number }[]).map((invite) => invite.used);
  };

  it('[S16] make account and membership in one step', async () => {
    const answer = await join(await inviteTo(lin, circle));
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ circles: [{ id: circle, name: '302', role: 'member' }] });
  });

  it('of one use let one of fifty in who come at once, and the others leave nothing behind', async () => {
    const invite = await inviteTo(mei, circle);
    const before = await store.couch.list();
    const answers = await Promise.all(Array.from({ length: 50 }, () => join(invite)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array<number>(49).fill(410)]);
    expect((await store.couch.list()).length).toBe(before.length + 1);
    expect((await used()).every((count) => count <= 2)).toBe(true);
  });

  it('of many uses let so many in and no more', async () => {
    const invite = await inviteTo(mei, circle, 3);
    const statuses = (await Promise.all(Array.from({ length: 6 }, () => join(invite)))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 201, 201, 410, 410, 410]);
  });

  it('are not consumed by who looks at them, and tell a visitor no more than she needs', async () => {
    const invite = await inviteTo(mei, circle);
    for (let i = 0; i < 5; i++) expect((await look(invite)).status).toBe(200);
    expect(await (await look(invite)).json()).toEqual({
      circle: { id: circle, name: '302', circleKind: 'circle' },
      invitedBy: 'Mei',
      expiresAt: expect.any(String)
    });
    expect((await join(invite)).status).toBe(201);
    expect((await look(invite)).status).toBe(410);
  });

  it('that are expired or revoked let nobody in', async () => {
    const soon = await lin.call('POST', `/api/circles/${circle}/invites`, { expiresInHours: 1e-9 });
    expect((await join(soon.body['token'] as string)).status).toBe(410);
    const { invite, token } = (await mei.call('POST', `/api/circles/${circle}/invites`)).body as Record<string, string>;
    expect((await lin.call('DELETE', `/api/circles/${circle}/invites/${invite}`)).status).toBe(204);
    const answer = await join(token!);
    expect(answer.status).toBe(410);
    expect(await answer.json()).toMatchObject({ error: { code: 'invite-revoked' } });
  });

  it('are revoked by a steward or by who made them', async () => {
    const { invite } = (await lin.call('POST', `/api/circles/${circle}/invites`)).body as { invite: string };
    expect((await mei.call('DELETE', `/api/circles/${circle}/invites/${invite}`)).status).toBe(403);
    expect((await fang.call('DELETE', `/api/circles/${circle}/invites/${invite}`)).status).toBe(404);
    expect((await lin.call('DELETE', `/api/circles/${circle}/invites/${invite}`)).status).toBe(204);
  });

  it('are accepted once by a person, however often she taps', async () => {
    const token = await inviteTo(lin, circle, 2);
    const taps = await Promise.all(Array.from({ length: 5 }, () => fang.call('POST', `/api/invites/${token}/accept`)));
    expect(taps.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(taps[0]!.body).toEqual({ circle });
    expect((await join(token)).status).toBe(201);
    expect((await join(token)).status).toBe(410);
  });

  it('bring back whoever was removed, but no old link does', async () => {
    const old = await inviteTo(lin, circle, 5);
    expect((await lin.call('DELETE', `/api/circles/${circle}/members/${fang.id}`)).status).toBe(204);
    expect((await fang.call('POST', `/api/invites/${old}/accept`)).status).toBe(410);
    expect((await fang.call('POST', `/api/invites/${await inviteTo(lin, circle)}/accept`)).status).toBe(200);
    expect((await fang.call('GET', `/api/circles/${circle}/members`)).status).toBe(200);
  });

  it('end with the membership of whoever made them: who was removed brings nobody in, herself by another name neither', async () => {
    expect((await fang.call('POST', `/api/invites/${await inviteTo(lin, circle)}/accept`)).status).toBe(200);
    const [fangs, lins] = [await inviteTo(fang, circle, 5), await inviteTo(lin, circle, 5)];
    const guest = await signUp(hub.url, '302-90', { invite: fangs });
    expect((await lin.call('DELETE', `/api/circles/${circle}/members/${fang.id}`)).status).toBe(204);
    expect((await look(fangs)).status).toBe(410);
    expect((await join(fangs)).status).toBe(410);
    expect((await hao.call('POST', `/api/invites/${fangs}/accept`)).status).toBe(410);
    // Whoever came by it stays, and may tap it again.
    expect((await guest.call('POST', `/api/invites/${fangs}/accept`)).status).toBe(200);
    expect((await join(lins)).status).toBe(201);
  });

  it('that nobody made are 404 until guessing ends in 429, while a good link works on', async () => {
    const strict = await startHub(store, { limits: 1 });
    const statuses = new Set<number>();
    for (let i = 0; i < 25; i++) {
      statuses.add((await fetch(`${strict.url}/api/invites/${circle}_${'a'.repeat(22)}${10 + i}`)).status);
    }
    expect([...statuses]).toEqual([404, 429]);
    expect((await fetch(`${strict.url}/api/invites/${await inviteTo(lin, circle)}`)).status).toBe(200);
    await strict.stop();
  });

  it('are kept as hashes', async () => {
    const token = await inviteTo(lin, circle);
    const all = JSON.stringify(await store.couch.database('system').allDocs({ includeDocs: true }));
    expect(all).not.toContain(token.split('_').slice(1).join('_'));
  });

  it.each([{ uses: 0 }, { uses: 1.5 }, { uses: 1e9 }, { expiresInHours: 0 }, { expiresInHours: -1 }, { uses: '3' }])(
    'refuse %j and name the field',
    async (terms) => {
      const { status, body } = await lin.call('POST', `/api/circles/${circle}/invites`, terms);
      expect(status).toBe(400);
      expect(body).toMatchObject({ error: { field: Object.keys(terms)[0] } });
    }
  );
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inviteTo, moveIn, signUp, type Person } from '../../../tests/people.ts';
import { startHub, type TestHub } from '../../../tests/start-hub.ts';
import { startStore, type TestStore } from '../../../tests/start-store.ts';

type Row = { person: string; name: string; role: string; invitedBy?: string; joinedAt: string; leftAt?: string };

describe('members of a circle', () => {
  let store: TestStore;
  let hub: TestHub;
  let lin: Person;
  let mei: Person;
  let fang: Person;
  let hao: Person;
  let circle: string;

  beforeAll(async () => {
    store = await startStore();
    hub = await startHub(store);
    const house = await moveIn(hub.url, { setup: hub.setup, names: ['Lin'] });
    circle = house.circle;
    lin = house.people[0]!;
    mei = await signUp(hub.url, 'Mei', { invite: await inviteTo(lin, circle) });
    fang = await signUp(hub.url, 'Fang', { invite: await inviteTo(mei, circle) });
    hao = await signUp(hub.url, 'Hao', {
      invite: await inviteTo(lin, (await moveIn(hub.url, { founder: lin, names: [] })).circle)
    });
  });
  afterAll(async () => {
    await hub.stop();
    await store.stop();
  });

  const members = async () => (await lin.call('GET', `/api/circles/${circle}/members`)).body as unknown as Row[];
  const roles = async () =>
    Object.fromEntries((await members()).map(({ name, role, leftAt }) => [name, leftAt ? 'left' : role]));
  const setRole = (by: Person, person: Person, role: string) =>
    by.call('PATCH', `/api/circles/${circle}/members/${person.id}`, { role });
  const remove = (by: Person, person: Person) => by.call('DELETE', `/api/circles/${circle}/members/${person.id}`);

  it('[S14] are listed with who invited them, and by the name they gave themselves', async () => {
    expect((await members()).map(({ name, invitedBy }) => [name, invitedBy])).toEqual([
      ['Lin', undefined],
      ['Mei', lin.id],
      ['Fang', mei.id]
    ]);
    const now = new Date().toISOString();
    const self = { _id: `${mei.id}:person:self`, kind: 'person', v: 1, createdAt: now, updatedAt: now, name: '小梅' };
    expect(await mei.write(circle, self)).toEqual([]);
    expect((await members())[1]!.name).toBe('小梅');
    await mei.write(circle, { ...self, _rev: (await mei.read<{ _rev: string }>(circle, self._id))!._rev, name: 'Mei' });
  });

  it('alone see the circle: to others it is as unknown as one that is not there', async () => {
    const paths = [circle, 'nothing-here', 'UPPER', '..%2f'];
    for (const id of paths) {
      const foreign = await hao.call('GET', `/api/circles/${id}/members`);
      expect(foreign).toMatchObject({ status: 404, body: { error: { code: 'no-circle' } } });
      expect((await fetch(`${hub.url}/api/circles/${id}/members`)).status).toBe(401);
    }
  });

  it('are given roles by stewards alone, and a circle keeps one', async () => {
    expect((await setRole(mei, fang, 'steward')).status).toBe(403);
    expect((await setRole(lin, fang, 'king')).status).toBe(400);
    expect((await setRole(lin, hao, 'member')).status).toBe(404);
    expect((await setRole(lin, lin, 'member')).status).toBe(409);
    expect((await setRole(lin, fang, 'steward')).status).toBe(200);
    expect((await setRole(fang, lin, 'newcomer')).status).toBe(200);
    expect(await roles()).toEqual({ Lin: 'newcomer', Mei: 'member', Fang: 'steward' });
    expect((await lin.call('POST', `/api/circles/${circle}/invites`)).status).toBe(403);
    expect((await setRole(fang, lin, 'steward')).status).toBe(200);
  });

  it('are removed by stewards, or leave by themselves', async () => {
    expect((await remove(mei, fang)).status).toBe(403);
    expect((await remove(mei, mei)).status).toBe(204);
    expect((await mei.call('GET', `/api/circles/${circle}/members`)).status).toBe(404);
    const { circles } = (await mei.call('GET', '/api/me')).body as { circles: Row[] };
    expect(circles).toEqual([
      { id: circle, name: '302', circleKind: 'circle', role: 'member', leftAt: expect.any(String) }
    ]);
    expect((await remove(lin, mei)).status).toBe(404);
    expect((await mei.call('POST', `/api/invites/${await inviteTo(lin, circle)}/accept`)).status).toBe(200);
  });

  it('[S15] are never without a steward: the longest-standing member follows the last', async () => {
    expect((await remove(fang, fang)).status).toBe(204);
    const guest = await signUp(hub.url, 'Zhou', { invite: await inviteTo(mei, circle) });
    expect((await remove(lin, lin)).status).toBe(204);
    lin = mei;
    expect(await roles()).toEqual({ Lin: 'left', Fang: 'left', Mei: 'steward', Zhou: 'member' });
    expect((await setRole(mei, guest, 'steward')).status).toBe(200);
  });

  it('read and change what the circle is, as stewards', async () => {
    const change = await mei.call('PATCH', `/api/circles/${circle}`, { name: 'Dorm 302', rules: 'Quiet after ten.' });
    expect(change).toMatchObject({ status: 200, body: { name: 'Dorm 302', circleKind: 'circle' } });
    expect(await mei.read(circle, 'hub:circle:self')).toMatchObject({
      name: 'Dorm 302',
      rules: 'Quiet after ten.',
      counter: 2
    });
    expect((await hao.call('PATCH', `/api/circles/${circle}`, { name: 'Mine' })).status).toBe(404);
  });

  it('take a circle’s city away again', async () => {
    await mei.call('PATCH', `/api/circles/${circle}`, { city: 'Hangzhou' });
    expect(await mei.read(circle, 'hub:circle:self')).toMatchObject({ city: 'Hangzhou' });
    const answer = await mei.call('PATCH', `/api/circles/${circle}`, { city: '' });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('city');
    expect(await mei.read(circle, 'hub:circle:self')).not.toHaveProperty('city');
  });
});

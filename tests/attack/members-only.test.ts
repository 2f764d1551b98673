import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Listing } from '#domain/listing/listing.ts';
import { inviteTo, signUp, type Person } from '../people.ts';
import { isOf, readDoorbell } from '../read-doorbell.ts';
import { onEveryBackend } from '../start-hub.ts';
import { openHouse, type House } from './house.ts';

/** Every way to read or write a circle, and some that there are not. */
const tries: [method: string, path: string, body?: unknown][] = [
  ['GET', ''],
  ['GET', '/'],
  ['GET', '/_changes?include_docs=true'],
  ['GET', '/_changes?feed=longpoll&since=now'],
  ['POST', '/_changes?filter=_doc_ids', { doc_ids: ['hub:circle:self'] }],
  ['GET', '/_all_docs?include_docs=true'],
  ['POST', '/_all_docs', { keys: ['hub:circle:self'] }],
  ['POST', '/_bulk_get', { docs: [{ id: 'hub:circle:self' }] }],
  ['POST', '/_revs_diff', { 'hub:circle:self': ['1-a'] }],
  ['GET', '/hub:circle:self'],
  ['GET', '/_local/point'],
  ['PUT', '/_local/point', {}],
  ['DELETE', '/hub:circle:self?rev=1-a'],
  ['POST', '/_bulk_docs', { docs: [] }],
  ['GET', '/_security'],
  ['GET', '/_nothing/at/all']
];

/** A removed member's streams end at the next look, every three seconds. */
const cutWithinMs = 5_000;

onEveryBackend('whoever is no member', (startStore) => {
  let house: House;
  let hao: Person;

  beforeAll(async () => {
    house = await openHouse(startStore);
    hao = await signUp(house.hub.url, 'Hao', { invite: await inviteTo(house.zhou, house.circle) });
  });
  afterAll(() => house.stop());

  const answers = (person: Person | null, db: string) =>
    Promise.all(
      tries.map(async ([method, path, body]) => {
        const { status, text } = await house.as(person, method, db + path, { body });
        return [status, text.replaceAll(db.slice('/db/'.length), '…')];
      })
    );

  it('is a stranger: 401 for every try, whether the circle exists or not, and nothing is changed', async () => {
    const before = await house.everything();
    const known = await answers(null, house.db);
    expect(known.map(([status]) => status)).toEqual(tries.map(() => 401));
    expect(await answers(null, '/db/no-such-circle')).toEqual(known);
    expect(await house.everything()).toBe(before);
  });

  it('is a member of another circle: 404 for every try, word for word as for a circle that does not exist', async () => {
    const before = await house.everything();
    const foreign = await answers(house.fang, house.db);
    expect(foreign.map(([status]) => status)).toEqual(tries.map(() => 404));
    expect(await answers(house.fang, '/db/no-such-circle')).toEqual(foreign);
    expect(await house.everything()).toBe(before);
  });

  it('gets the same 404 from /api, for pictures too', async () => {
    for (const tail of ['/members', '/invites', `/photos/${'a'.repeat(64)}`]) {
      const [foreign, unknown] = await Promise.all(
        [house.circle, 'no-such-circle'].map((id) => house.as(house.fang, 'GET', `/api/circles/${id}${tail}`))
      );
      expect([foreign!.status, foreign!.text]).toEqual([404, unknown!.text]);
      expect((await house.as(null, 'GET', `/api/circles/${house.circle}${tail}`)).status).toBe(401);
    }
  });

  it('reads no record of another circle by its id, its revision or that circle’s sequence', async () => {
    const { _rev: rev } = (await house.mei.read<{ _rev: string }>(house.circle, house.meis._id))!;
    const db = `/db/${house.foreign}`;
    const { json: info } = await house.as(house.mei, 'GET', house.db);
    for (const path of [
      `${db}/${house.meis._id}`,
      `${db}/${house.meis._id}?rev=${rev}`,
      `${db}/${house.meis._id}?open_revs=["${rev}"]`,
      `${db}/${house.meis._id}?open_revs=all`,
      `${db}/_changes?include_docs=true&since=${encodeURIComponent(String(info['update_seq']))}`,
      `${db}/_changes?include_docs=true&since=1-forged`
    ]) {
      const { status, text } = await house.as(house.fang, 'GET', path);
      expect([path, status < 500, text.includes('Never worn')]).toEqual([path, true, false]);
    }
    const docs = [{ id: house.meis._id, rev }];
    const { text } = await house.as(house.fang, 'POST', `${db}/_bulk_get?revs=true&latest=true`, { body: { docs } });
    expect(text).not.toContain('Never worn');
  });

  it('was removed: 404, her open streams end within 5 s, her doorbell is silent about the circle, and the others’ go on', async () => {
    const [hers, other] = [await waitingChanges(house, hao), await waitingChanges(house, house.lin)];
    const doorbell = await readDoorbell(house.hub.url, hao.cookie);
    await doorbell.next(isOf(house.circle));
    const removedAt = Date.now();
    await house.zhou.call('DELETE', `/api/circles/${house.circle}/members/${hao.id}`);
    await hers.ended;
    expect(Date.now() - removedAt).toBeLessThan(cutWithinMs);
    await doorbell.next((event) => 'me' in event);
    const before = doorbell.heard.length;

    expect((await answers(hao, house.db)).map(([status]) => status)).toEqual(tries.map(() => 404));
    expect(other.isOpen()).toBe(true);
    const trousers = await house.mei.read<Listing>(house.circle, house.trousers._id);
    await house.mei.write(house.circle, { ...trousers, title: 'Trousers, size M' });
    await other.ended;
    expect(other.text()).toContain(house.trousers._id);
    expect(hers.text()).not.toContain(house.trousers._id);
    expect(doorbell.heard.slice(before).filter((event) => 'circle' in event && event.circle !== 'me')).toEqual([]);
    doorbell.close();
  });

  it('cannot come back by the link that let her in', async () => {
    const invite = await inviteTo(house.zhou, house.circle, 5);
    const xiaoyu = await signUp(house.hub.url, 'Xiaoyu', { invite });
    await house.zhou.call('DELETE', `/api/circles/${house.circle}/members/${xiaoyu.id}`);
    expect((await xiaoyu.call('POST', `/api/invites/${invite}/accept`)).status).toBe(410);
    expect((await house.as(xiaoyu, 'GET', house.db)).status).toBe(404);
  });

  it('cannot come back by a link that she made herself, under another name', async () => {
    const granny = await signUp(house.hub.url, 'Granny Wang', { invite: await inviteTo(house.zhou, house.circle) });
    const kept = await inviteTo(granny, house.circle, 100);
    await house.zhou.call('DELETE', `/api/circles/${house.circle}/members/${granny.id}`);
    await expect(signUp(house.hub.url, 'Nobody', { invite: kept })).rejects.toThrow('410');
    expect((await house.as(house.fang, 'POST', `/api/invites/${kept}/accept`)).status).toBe(410);
  });
});

type Waiting = { ended: Promise<void>; isOpen(): boolean; text(): string };

/** A longpoll that has its head and waits for news of one thing, which the removal itself is not. */
async function waitingChanges({ hub, db, trousers }: House, { cookie }: Person): Promise<Waiting> {
  const path = `${hub.url}${db}/_changes?feed=longpoll&since=now&timeout=60000&filter=_doc_ids`;
  const headers = { cookie, 'content-type': 'application/json' };
  const asked = request(path, { method: 'POST', headers, agent: false });
  asked.on('error', () => {});
  asked.end(JSON.stringify({ doc_ids: [trousers._id] }));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  let open = true;
  response.on('error', () => {});
  response.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<void>((resolve) => response.on('close', resolve)).then(() => void (open = false));
  return { ended, isOpen: () => open, text: () => text };
}

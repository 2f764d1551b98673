import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hubTime, type HubTime } from '../../tests/hub-time.ts';
import { readDoorbell, type OpenDoorbell } from '../../tests/read-doorbell.ts';
import { startStore, type TestStore } from '../../tests/start-store.ts';
import { createBell, type Bell } from './bell.ts';
import { createDoorbell, type Doorbell } from './doorbell.ts';
import type { ApiError } from './errors.ts';
import { createNewest } from './newest.ts';

describe('the doorbell', () => {
  let store: TestStore;
  let server: Server;
  let bell: Bell;
  let time: HubTime;
  let doorbell: Doorbell;
  let url: string;
  let circles: Record<string, string[]>;
  let answering: Promise<void>;
  let signedOut: Set<string>;
  /** Removed by another process, whose ring is still to come. */
  let barred: Set<string>;
  const open: OpenDoorbell[] = [];

  beforeAll(async () => {
    store = await startStore();
    for (const name of ['c-302', 'c-303', 'me-mei', 'me-lin']) await store.couch.ensure(name);
  });
  afterAll(() => store.stop());

  beforeEach(async () => {
    bell = createBell();
    time = hubTime();
    circles = { mei: ['302'], lin: ['302', '303'] };
    answering = Promise.resolve();
    signedOut = new Set();
    barred = new Set();
    doorbell = createDoorbell({
      bell,
      newest: createNewest(store.couch),
      sessions: {
        find: async ({ headers: { cookie } }) =>
          cookie && !signedOut.has(cookie) ? { account: cookie.split('-')[0]!, id: cookie } : null,
        listens: async () => {}
      },
      membership: {
        circlesOf: (person) => answering.then(() => circles[person] ?? []),
        roleOf: async (circle, person) =>
          (barred.has(person) ? [] : circles[person])?.includes(circle) ? 'member' : null
      },
      timers: time.timers,
      streamsEach: 3
    });
    server = createServer((req, res) => {
      doorbell.handle(req, res).catch((error: ApiError) => res.writeHead(error.status).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    for (const stream of open.splice(0)) stream.close();
    doorbell.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const listen = async (cookie: string) => {
    const stream = await readDoorbell(url, cookie);
    open.push(stream);
    await stream.next((event) => 'circle' in event && event.circle === 'me');
    return stream;
  };
  const said = (stream: OpenDoorbell) => stream.heard.map((event) => ('circle' in event ? event.circle : 'account'));
  const write = async (circle: string, id: string) => {
    await store.couch.database(`c-${circle}`).put({ _id: `${id}-${Math.random()}` });
    bell.ring({ circle, ids: [id] });
  };

  it('rings once for each circle and for /db/me when a device comes, with the newest sequence', async () => {
    const lin = await listen('lin');
    expect(said(lin)).toEqual(['302', '303', 'me']);
    const seq = (await store.couch.database('c-302').changes()).last_seq;
    expect(lin.heard[0]).toEqual({ circle: '302', seq });
  });

  it('rings every device of a circle for a write, and nobody else', async () => {
    const [mei, lin] = [await listen('mei'), await listen('lin')];
    await write('303', 'lin:listing:x');
    await lin.next((event) => 'circle' in event && event.circle === '303' && event !== lin.heard[1]);
    await write('302', 'lin:listing:x');
    await mei.next((event) => 'circle' in event && event.circle === '302' && event !== mei.heard[0]);
    expect(said(mei)).toEqual(['302', 'me', '302']);
    await lin.next((event) => event === lin.heard[4]);
    expect(said(lin)).toEqual(['302', '303', 'me', '303', '302']);
  });

  it('rings for /db/me only whose it is', async () => {
    const [mei, lin] = [await listen('mei'), await listen('lin')];
    bell.ring({ person: 'mei' });
    await mei.next((event) => event === mei.heard[2]);
    expect(said(mei)).toEqual(['302', 'me', 'me']);
    expect(said(lin)).not.toContain('account');
    expect(lin.heard).toHaveLength(3);
  });

  it('[S15] rings no more of a circle for whoever was removed, and says that the account has changed', async () => {
    const [mei, lin] = [await listen('mei'), await listen('lin')];
    circles.mei = [];
    await write('302', 'hub:member:mei');
    await mei.next((event) => 'me' in event);
    await write('302', 'lin:listing:y');
    await lin.next((event) => event === lin.heard[4]);
    expect(said(mei)).toEqual(['302', 'me', 'account']);
  });

  it('[S15] does so at once, while the database has still to say which circles are left to her', async () => {
    const [mei, lin] = [await listen('mei'), await listen('lin')];
    const slow = Promise.withResolvers<void>();
    answering = slow.promise;
    circles.mei = [];
    await write('302', 'hub:member:mei');
    await write('302', 'lin:listing:after');
    await lin.next((event) => event === lin.heard[4]);
    slow.resolve();
    await mei.next((event) => 'me' in event);
    expect(said(mei)).toEqual(['302', 'me', 'account']);
  });

  it('rings for a circle that a person has just joined', async () => {
    const mei = await listen('mei');
    circles.mei = ['302', '303'];
    bell.ring({ me: 'mei' });
    await mei.next((event) => 'me' in event);
    await write('303', 'lin:listing:z');
    await mei.next((event) => event === mei.heard[4]);
    expect(said(mei)).toEqual(['302', 'me', '303', 'account', '303']);
  });

  it('ends the stream of a session that has ended, and leaves the other devices theirs', async () => {
    const [phone, laptop] = [await listen('mei-phone'), await listen('mei-laptop')];
    signedOut.add('mei-phone');
    bell.ring({ me: 'mei' });
    await phone.ended;
    await laptop.next((event) => 'me' in event);
    expect(said(phone)).not.toContain('account');
  });

  it('finds a session that ended elsewhere within minutes', async () => {
    const phone = await listen('mei');
    signedOut.add('mei');
    for (let beat = 0; beat < 12; beat++) time.advance(25_000);
    await phone.ended;
  });

  it('opens no stream without a session, nor more than a person can have devices', async () => {
    await expect(readDoorbell(url, '')).rejects.toThrow('401');
    for (let device = 0; device < 3; device++) await listen(`mei-${device}`);
    await expect(readDoorbell(url, 'mei-3')).rejects.toThrow('429');
    await listen('lin');
  });

  it('says something every 25 seconds, so that no proxy takes it for dead', async () => {
    const response = await fetch(`${url}/api/doorbell`, { headers: { cookie: 'mei' } });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('"me"')) text += (await reader.read()).value;
    expect(text).toMatch(/^retry: \d+\n\n/);
    time.advance(25_000);
    expect((await reader.read()).value).toBe(':\n\n');
    await reader.cancel();
  });

  describe('of a write that is small', () => {
    const docs = ['{"_id":"lin:comment:1","_rev":"1-a"}'];
    const seqOf = async (circle: string) => (await store.couch.database(`c-${circle}`).changes()).last_seq;
    const tell = async () => {
      const from = await seqOf('302');
      await store.couch.database('c-302').put({ _id: `lin:comment:${Math.random()}` });
      const to = await seqOf('302');
      bell.ring({ circle: '302', ids: ['lin:comment:1'], span: { from, to }, docs });
      return { from, to };
    };

    it('tells it with the ring, and where it was alone the sequence before', async () => {
      const mei = await listen('mei');
      const { from, to } = await tell();
      await mei.next((event) => event === mei.heard[2]);
      expect(mei.heard[2]).toEqual({ circle: '302', seq: to, from, docs: [JSON.parse(docs[0]!)] });
      bell.ring({ circle: '302', ids: ['lin:comment:1'], docs });
      await mei.next((event) => event === mei.heard[3]);
      expect(mei.heard[3]).toEqual({ circle: '302', seq: to, docs: [JSON.parse(docs[0]!)] });
    });

    it('tells it to nobody who may not read there at this moment, and to no session that has ended', async () => {
      const [mei, lin, phone] = [await listen('mei'), await listen('lin'), await listen('lin-phone')];
      barred.add('mei');
      signedOut.add('lin-phone');
      const { to } = await tell();
      await lin.next((event) => event === lin.heard[3]);
      expect(lin.heard[3]).toHaveProperty('docs');
      for (const [stream, at] of [
        [mei, 2],
        [phone, 3]
      ] as const) {
        await stream.next((event) => event === stream.heard[at]);
        expect(stream.heard[at]).toEqual({ circle: '302', seq: to });
      }
    });
  });

  it('makes one ring of many writes while it is asking for the sequence', async () => {
    const mei = await listen('mei');
    for (let n = 0; n < 100; n++) bell.ring({ circle: '302', ids: [`lin:comment:${n}`] });
    await mei.next((event) => event === mei.heard[3]);
    await write('302', 'lin:comment:last');
    await mei.next((event) => event === mei.heard[4]);
    expect(mei.heard.length).toBeLessThan(8);
  });
});

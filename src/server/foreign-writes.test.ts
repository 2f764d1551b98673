import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startStore, type TestStore } from '../../tests/start-store.ts';
import { connectCouch } from './couch.ts';
import { createBell, type Bell, type Ring } from './bell.ts';
import { followForeignWrites } from './foreign-writes.ts';
import { createNewest, type Newest } from './newest.ts';
import { realTimers } from './timers.ts';

describe("other processes' writes", () => {
  let store: TestStore;
  let bell: Bell;
  let newest: Newest;
  let following: ReturnType<typeof followForeignWrites>;
  const rings: Ring[] = [];
  /** CouchDB tells of updates some 400 ms late; here for as long as a test says. */
  let late = Promise.resolve();
  /** In how many copies CouchDB says that it keeps a database. */
  let copies = 1;
  let wake = () => {};

  beforeAll(async () => {
    store = await startStore();
    for (const name of ['c-302', 'c-303', 'me-mei', 'system']) await store.couch.ensure(name);
  });
  afterAll(() => store.stop());
  beforeEach(async () => {
    rings.length = 0;
    bell = createBell();
    copies = 1;
    const inCopies: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      return Response.json({ ...((await response.json()) as object), cluster: { q: 1, n: copies } });
    };
    newest = createNewest(connectCouch({ url: store.url, prefix: store.prefix, fetch: inCopies }));
    bell.on((ring) => {
      rings.push(ring);
      wake();
    });
    const send: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (String(input).includes('feed=longpoll')) await late;
      return response;
    };
    const couch = connectCouch({ url: store.url, prefix: store.prefix, fetch: send });
    following = followForeignWrites({ couch, bell, newest, timers: realTimers, log: { error() {} } });
    await following.listening;
  });
  afterEach(() => following.stop());

  const rung = (count: number) =>
    new Promise<void>((resolve) => {
      wake = () => rings.length >= count && resolve();
      wake();
    });
  const write = (name: string, id: string) => store.couch.database(name).put({ _id: id });

  it('ring, with the ids where somebody listens, and without where nobody does', async () => {
    await newest.of('c-302');
    await write('c-302', 'mei:listing:a');
    await rung(1);
    await write('me-mei', 'mei:message:a');
    await rung(2);
    const seq = (await store.couch.database('c-302').changes()).last_seq;
    expect(rings).toEqual([{ circle: '302', seq, ids: ['mei:listing:a'] }, { person: 'mei' }]);
  });

  it('do not ring when it was this process that wrote, and has rung', async () => {
    let tell = () => {};
    late = new Promise((resolve) => (tell = resolve));
    await write('c-302', 'mei:listing:b');
    newest.moved('c-302');
    await newest.of('c-302');
    tell();
    await write('c-303', 'mei:listing:b');
    await rung(1);
    expect(rings).toEqual([{ circle: '303' }]);
  });

  it('ring though it was this process that wrote where there are copies, of which one may not have had it', async () => {
    copies = 3;
    let tell = () => {};
    late = new Promise((resolve) => (tell = resolve));
    await write('c-302', 'mei:listing:d');
    newest.moved('c-302');
    const seq = await newest.of('c-302');
    tell();
    await rung(1);
    expect(rings).toEqual([{ circle: '302', seq, ids: [] }]);
  });

  it('do not ring for what is no circle and nobody’s own database', async () => {
    await write('system', 'account');
    await write('c-303', 'mei:listing:c');
    await rung(1);
    expect(rings).toEqual([{ circle: '303' }]);
  });
});

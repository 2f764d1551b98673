import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startStore, type TestStore } from '../../tests/start-store.ts';
import { createSessions, type Sessions } from './sessions.ts';

const day = 86_400_000;

describe('sessions', () => {
  let store: TestStore;
  let sessions: Sessions;
  let now: number;

  const open = (origin = 'http://localhost:3000') =>
    createSessions({ couch: store.couch, clock: () => now, random: randomBytes, origin });
  const withCookie = (cookie: string) => ({ headers: { cookie } }) as IncomingMessage;
  const begin = async (account = 'lin') => {
    const { session, cookie } = await sessions.start(account, 'Lin’s phone');
    return { ...session, req: withCookie(`theme=dark; ${cookie.split(';')[0]}`) };
  };

  beforeAll(async () => {
    store = await startStore();
    await store.couch.ensure('system');
  });
  afterAll(() => store.stop());
  beforeEach(() => {
    now = Date.parse('2026-03-01T08:00:00Z');
    sessions = open();
  });

  it('last 90 days from when they were last used, across restarts', async () => {
    const { req, id } = await begin();
    for (let i = 0; i < 4; i++) {
      now += 90 * day - 1;
      expect(await open().find(req)).toEqual({ account: 'lin', id });
    }
    now += 90 * day;
    expect(await open().find(req)).toBeNull();
    expect(await sessions.list('lin')).toEqual([]);
    expect(await sessions.sweep()).toBeGreaterThan(0);
  });

  it('are written at most every two hours, however often they are used', async () => {
    const { req, id } = await begin('mei');
    const system = store.couch.database('system');
    const revision = async () => (await system.get<{ _rev: string }>(`session:mei:${id}`))!._rev;
    const first = await revision();
    for (let i = 0; i < 20; i++) {
      now += day / 12 / 20;
      await open().find(req);
    }
    expect(await revision()).toBe(first);
    now += 1;
    await open().find(req);
    expect(await revision()).not.toBe(first);
  });

  it('end at once in the process that ends them, and within half a minute in others', async () => {
    const other = open();
    const { req, id } = await begin('fang');
    expect(await other.find(req)).not.toBeNull();
    expect(await sessions.find(req)).not.toBeNull();
    expect(await sessions.end('mei', id)).toBe(false);
    expect(await sessions.end('fang', id)).toBe(true);
    expect(await sessions.find(req)).toBeNull();
    now += 30_000;
    expect(await other.find(req)).toBeNull();
  });

  it('are not brought back by a reading that was under way when they ended', async () => {
    const { req, id } = await begin('hao');
    const fresh = open();
    const reading = fresh.find(req);
    await fresh.end('hao', id);
    await reading;
    expect(await fresh.find(req)).toBeNull();
  });

  it('are kept as hashes, and no made-up cookie is one', async () => {
    const { cookie } = await sessions.start('zhou', 'laptop');
    const secret = /\.([^;]+);/.exec(cookie)![1]!;
    expect(JSON.stringify(await store.couch.database('system').allDocs({ includeDocs: true }))).not.toContain(secret);
    for (const value of [
      '',
      'zhou',
      `zhou.${'a'.repeat(43)}`,
      `mei.${secret}`,
      `../zhou.${secret}`,
      `__proto__.${secret}`
    ]) {
      expect(await sessions.find(withCookie(`jujube_session=${value}`))).toBeNull();
    }
    expect(await sessions.find({ headers: {} } as IncomingMessage)).toBeNull();
  });

  it('have a secure cookie when people come by https', async () => {
    expect((await open('https://hub.example.org').start('lin', '')).cookie).toMatch(/; Secure$/);
    expect(open().clearing).toMatch(/^jujube_session=; .*Max-Age=0$/);
  });
});

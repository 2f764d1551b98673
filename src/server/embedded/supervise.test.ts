import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectCouch } from '../couch.ts';
import { startEmbedded, type Embedded } from './supervise.ts';

const silent = { info() {}, error() {} };

describe('the supervised store', () => {
  let directory: string;
  const stores: Embedded[] = [];
  const start = async () => {
    const store = await startEmbedded({ directory, log: silent });
    stores.push(store);
    return store;
  };
  const open = (store: { url: string }) => connectCouch({ url: store.url, prefix: '' }).ensure('log');

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'jujube-supervise-'));
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.stop()));
    await rm(directory, { recursive: true, force: true });
  });

  it('killed with -9 in the middle of writes, is back at the same address with all that it acknowledged', async () => {
    const store = await start();
    const log = await open(store);
    const acknowledged: string[] = [];
    const killed = sleep(150).then(() => process.kill(store.pid!, 'SIGKILL'));
    for (let batch = 0; ; batch += 1) {
      const docs = Array.from({ length: 20 }, (_, index) => ({ _id: `${batch}-${index}` }));
      const rows = await log.bulkDocs(docs).catch(() => null);
      if (!rows) break;
      acknowledged.push(...rows.map(({ id }) => id));
    }
    await killed;
    const ids = await eventually(async () => (await log.allDocs()).rows.map(({ id }) => id));
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(ids).toEqual(expect.arrayContaining(acknowledged));
  });

  it('ends when its parent was killed with -9, and the next one finds all that was acknowledged', async () => {
    const parent = fork(new URL('./parent.fixture.ts', import.meta.url), [directory], { execArgv: [], silent: true });
    const acknowledged: string[] = [];
    let pid = 0;
    parent.on('message', (news: { pid: number } | { ids: string[] }) => {
      if ('pid' in news) pid = news.pid;
      else acknowledged.push(...news.ids);
    });
    await eventually(async () => expect(acknowledged.length).toBeGreaterThan(100));
    parent.kill('SIGKILL');
    await new Promise((resolve) => parent.once('exit', resolve));
    const next = await start();
    // It lets go of the lock a moment before it is gone.
    await eventually(async () => expect(isAlive(pid)).toBe(false));
    const ids = (await (await open(next)).allDocs()).rows.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(acknowledged));
  });

  it('waits for the lock of the store before it', async () => {
    const first = await start();
    const second = start();
    await sleep(300);
    await first.stop();
    expect((await (await open(await second)).changes()).results).toEqual([]);
  });

  it('gives nobody anything without the secret', async () => {
    const { url } = await start();
    const { origin } = new URL(url);
    expect((await fetch(`${origin}/_all_dbs`)).status).toBe(401);
    expect((await fetch(`${origin}/_all_dbs`, { headers: { authorization: 'Basic aHViOg==' } })).status).toBe(401);
  });
});

/** A zombie has ended: only nobody has asked after it yet, as in containers whose first process never does. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
};

/** Tries again until it does not fail, for 15 s at most. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries > 300) throw error;
      await sleep(50);
    }
  }
}

import { describe, expect, it } from 'vitest';
import { createBell } from './bell.ts';
import type { Couch } from './couch.ts';
import type { Database } from './couch-database.ts';
import { CouchError } from './couch-error.ts';
import { follow } from './follow.ts';
import type { Timers } from './timers.ts';

/** Timers that a test runs by hand, the earliest first. */
function handTimers() {
  const waiting: { run: () => void; ms: number }[] = [];
  const timers: Timers = {
    set(run, ms) {
      const timer = { run, ms };
      waiting.push(timer);
      return timer;
    },
    clear: (timer) => void (waiting.includes(timer as never) && waiting.splice(waiting.indexOf(timer as never), 1))
  };
  /** Runs what waits now, then lets everything that it began come to rest; answers how long each had waited. */
  const pass = async () => {
    const due = waiting.splice(0);
    for (const { run } of due) run();
    await new Promise((resolve) => setImmediate(resolve));
    return due.map(({ ms }) => ms);
  };
  return { timers, pass };
}

const storeOf = (...names: string[]) =>
  ({ list: async () => names, database: (name: string) => ({ name }) as Database }) as unknown as Couch;

let now = 0;

describe('a follower', () => {
  const start = async (couch: Couch, catchUp: (name: string) => Promise<void>) => {
    const { timers, pass } = handTimers();
    const bell = createBell();
    const log = { error() {} };
    const follower = follow({
      couch,
      bell,
      clock: () => now,
      timers,
      log,
      name: 'notary',
      prefix: 'c-',
      catchUp: ({ name }) => catchUp(name)
    });
    await new Promise((resolve) => setImmediate(resolve));
    return { follower, bell, pass };
  };

  it('looks at every database of its kind at the start, and afterwards only where the bell rings', async () => {
    const seen: string[] = [];
    const { follower, bell, pass } = await start(storeOf('c-302', 'c-303', 'me-lin', 'system'), async (name) => {
      seen.push(name);
    });
    await pass();
    expect(seen).toEqual(['c-302', 'c-303']);
    bell.ring({ circle: '303' });
    bell.ring({ circle: '303' });
    bell.ring({ person: 'lin' });
    bell.ring({ me: 'lin' });
    expect(await pass()).toEqual([50]);
    expect(seen).toEqual(['c-302', 'c-303', 'c-303']);
    await follower.settled();
  });

  it('works on one database once at a time, and again for what rang meanwhile', async () => {
    let open = 0;
    let most = 0;
    let runs = 0;
    let finish = () => {};
    const { follower, bell, pass } = await start(storeOf('c-302'), async () => {
      most = Math.max(most, ++open);
      runs++;
      await new Promise<void>((resolve) => (finish = resolve));
      open--;
    });
    await pass();
    bell.ring({ circle: '302' });
    await pass();
    expect(runs).toBe(1);
    finish();
    await pass();
    await pass();
    finish();
    await follower.settled();
    expect([runs, most]).toEqual([2, 1]);
  });

  it('tries again what failed, ever less often, until it works', async () => {
    let failures = 7;
    const { follower, pass } = await start(storeOf('c-302'), async () => {
      if (failures-- > 0) throw new CouchError(0, 'unavailable', 'The database did not answer');
    });
    const waits: number[] = [];
    while (failures >= 0) waits.push(...(await pass()));
    expect(waits).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    await follower.settled();
  });

  it('forgets a database that is gone, and waits for one that cannot be listed yet', async () => {
    let down = true;
    const couch = storeOf();
    couch.list = async () => {
      if (!down) return ['c-302'];
      throw new CouchError(0, 'unavailable', 'The database did not answer');
    };
    let looks = 0;
    const { follower, pass } = await start(couch, async () => {
      looks++;
      throw new CouchError(404, 'not_found', 'Database does not exist.');
    });
    expect(await pass()).toEqual([1_000]);
    down = false;
    expect(await pass()).toEqual([2_000]);
    await pass();
    await follower.settled();
    expect(looks).toBe(1);
  });

  it('says how many databases wait and how long the oldest has', async () => {
    let finish = () => {};
    const { follower, bell, pass } = await start(storeOf(), () => new Promise<void>((resolve) => (finish = resolve)));
    expect(follower.backlog()).toEqual({ waiting: 0, lagSeconds: 0 });
    bell.ring({ circle: '302' });
    now += 2_000;
    bell.ring({ circle: '303' });
    now += 500;
    expect(follower.backlog()).toEqual({ waiting: 2, lagSeconds: 2.5 });
    await pass();
    finish();
    await pass();
    finish();
    expect(follower.backlog().waiting).toBeLessThan(2);
  });

  it('begins nothing after it was told to stop, and ends what it had begun', async () => {
    let ended = false;
    let finish = () => {};
    const { follower, bell, pass } = await start(storeOf('c-302'), async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      ended = true;
    });
    await pass();
    const stopped = follower.stop();
    bell.ring({ circle: '302' });
    finish();
    await stopped;
    expect(ended).toBe(true);
    expect(await pass()).toEqual([]);
  });
});

import { createEngine, type Engine } from '#data/engine.ts';
import type { Me } from '#data/hub-api.ts';
import { createPouchLog } from '#data/pouch-log.ts';
import { freshName, memoryModel, memoryStore, Pouch } from '#data/testing/memory-pouch.ts';
import { realTimers } from '#data/timers.ts';
import { isOf, readDoorbell } from '../read-doorbell.ts';
import type { Person } from '../people.ts';

/** The app's own engine in Node, before a real hub: log, read model and everything that travels are the real ones. */
export type LiveDevice = Engine & {
  person: Person;
  faults: unknown[];
  /** As the keeper does after a line that was away: who am I, then out, then in. */
  reconnect(): Promise<void>;
  /** Everything out and in, and what the first round brought about once more. */
  sync(): Promise<void>;
};

export async function openLiveDevice(url: string, person: Person): Promise<LiveDevice> {
  const kept = freshName(person.id);
  const faults: unknown[] = [];
  const withCookie: typeof fetch = (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('cookie', person.cookie);
    return fetch(input, { ...init, headers });
  };
  const { body: me } = await person.call('GET', '/api/me');
  const engine = createEngine({
    me: me as unknown as Me,
    origin: url,
    fetch: withCookie,
    now: Date.now,
    timers: realTimers,
    openLog: (name) => createPouchLog(Pouch, `${kept}-${name}`, { adapter: 'memory' }),
    model: memoryModel(`${kept}-read`),
    store: memoryStore(`${kept}-device`),
    report: (error) => faults.push(error),
    news: {
      changed: () => {},
      status: () => {},
      me: () => {},
      needsSignIn: () => faults.push('needs sign-in'),
      failed: () => {}
    }
  });
  const sync = async () => {
    await engine.sendAll();
    await engine.pullAll();
    await engine.settleAll();
  };
  // By this the hub knows it for a device and not for some other client.
  const bell = await readDoorbell(url, person.cookie);
  await bell.next(isOf('me'));
  bell.close();
  return {
    ...engine,
    person,
    faults,
    sync,
    async reconnect() {
      await engine.refreshMe();
      await sync();
    }
  };
}

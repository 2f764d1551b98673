import { expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { createKeeper } from './keeper.ts';
import type { Timers } from './timers.ts';

/** A keeper over an engine that only says when it reads `/api/me`, on a line that breaks and comes back by hand. */
function keeperOnALine() {
  const answers: (() => void)[] = [];
  const streams: EventSource[] = [];
  let due: (() => void)[] = [];
  const timers: Timers = {
    set: (work) => (due.push(work), work),
    clear: (timer) => void (due = due.filter((one) => one !== timer))
  };
  const engine = {
    refreshMe: () => new Promise<void>((resolve) => answers.push(resolve)),
    refreshMissedMe: async () => undefined,
    sendAll: async () => true,
    pullAll: async () => true,
    settleAll: async () => true,
    introduce: async () => undefined,
    followed: () => []
  } as unknown as Engine;
  const openDoorbell = () => {
    const stream = { close: () => undefined } as unknown as EventSource;
    streams.push(stream);
    return stream;
  };
  const keeper = createKeeper({
    engine,
    origin: '',
    openDoorbell,
    lookedAt: () => undefined,
    random: () => 0.5,
    timers
  });
  const rest = () => new Promise<void>((done) => setImmediate(done));
  return {
    keeper,
    /** How often `/api/me` was read so far. */
    reads: () => answers.length,
    answer: async () => (answers.at(-1)!(), await rest()),
    async opens() {
      streams.at(-1)!.onopen!(new Event('open'));
      await rest();
    },
    /** The stream breaks, and what is tried again because of it has opened another one. */
    async breaks() {
      streams.at(-1)!.onerror!(new Event('error'));
      for (const work of due.splice(0)) work();
      await rest();
    }
  };
}

test('whoever was cut off reads anew who she is when the line is back, also when it broke once more before the answer', async () => {
  const line = keeperOnALine();
  line.keeper.start();
  await line.answer();
  await line.opens();
  expect(line.reads()).toBe(1);

  await line.breaks();
  await line.opens();
  expect(line.reads()).toBe(2);
  // The hub may be another one by the time that this answer of the first one's comes.
  await line.breaks();
  await line.answer();
  await line.opens();
  expect(line.reads()).toBe(3);
});

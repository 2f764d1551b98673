import { expect, it } from 'vitest';
import { createLoad } from './load.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('lets one person read six at a time, the next when one is over, and passes over whoever went away', async () => {
  const load = createLoad();
  const begun: number[] = [];
  const visits = Array.from({ length: 9 }, (_, index) => {
    const visit = load.enter('lin');
    void visit.turn().then(() => begun.push(index));
    return visit;
  });
  await settled();
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  visits[6]!.leave();
  visits[0]!.leave();
  await settled();
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 7]);
  const other = load.enter('mei');
  await other.turn();
  for (const visit of visits.slice(1)) if (visit !== visits[6]) visit.leave();
  await settled();
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 7, 8]);
});

it('lets more be under way where the limits are wider, and at least one where they are narrow, but takes no more bytes', async () => {
  const wide = createLoad(2);
  const visits = Array.from({ length: 200 }, () => wide.enter('lin'));
  expect(() => wide.enter('lin')).toThrow(expect.objectContaining({ status: 429 }));
  let begun = 0;
  for (const visit of visits) void visit.turn().then(() => (begun += 1));
  await settled();
  expect(begun).toBe(12);
  const narrow = createLoad(0.001);
  const only = narrow.enter('lin');
  await only.turn();
  expect(() => narrow.enter('lin')).toThrow(expect.objectContaining({ status: 429 }));
  for (const { room } of [visits[0]!, only]) {
    expect(room.take(4 * 8 * 1024 * 1024)).toBe(true);
    expect(room.take(1)).toBe(false);
  }
});

it('has room for four of the largest bodies, and again for what was cleared or is over', () => {
  const load = createLoad();
  const [first, second] = [load.enter('lin'), load.enter('lin')];
  const largest = 8 * 1024 * 1024;
  for (let body = 0; body < 4; body++) expect(first.room.take(largest)).toBe(true);
  expect(second.room.take(1)).toBe(false);
  expect(load.enter('mei').room.take(largest)).toBe(true);
  first.room.clear();
  expect(second.room.take(largest)).toBe(true);
  second.leave();
  for (let body = 0; body < 4; body++) expect(first.room.take(largest)).toBe(true);
});

it('says 429 to the hundred and first request under way, and forgets whoever has none', () => {
  const load = createLoad();
  const visits = Array.from({ length: 100 }, () => load.enter('lin'));
  expect(() => load.enter('lin')).toThrow(expect.objectContaining({ status: 429, retryAfterSeconds: 2 }));
  expect(() => load.enter('mei')).not.toThrow();
  visits[0]!.leave();
  expect(() => load.enter('lin')).not.toThrow();
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { onEveryBackend } from '../start-hub.ts';
import { openHouse, type House } from './house.ts';

const rounds = 40;
/** Apart by less than noise: whoever wants to see a difference of a fifth needs more guesses than the limits leave. */
const sameWithin = 0.2;
/** A machine that is busy makes either the slower one by chance: of 40 rounds no more than this often, but once in 10,000 tests. */
const byChance = 32;

onEveryBackend('whoever looks at the clock', (startStore) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(startStore, { limits: 100_000 });
  });
  afterAll(() => house.stop());

  const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

  it.each([
    ['signing in', '/api/session', (login: string) => ({ login, password: 'not it at all' })],
    [
      'recovering',
      '/api/recover',
      (login: string) => ({ login, code: 'abcd-abcd-abcd-abcd', password: 'a new password' })
    ]
  ])(
    'learns nothing from how long %s takes: a login that somebody has and one that nobody has take the same',
    async (_, path, bodyOf) => {
      const times = { known: [] as number[], unknown: [] as number[] };
      for (let round = 0; round < rounds; round++) {
        // By turns, so that a slow moment of the machine is nobody's.
        for (const [who, login] of [
          ['known', 'mei'],
          ['unknown', 'nobody-here']
        ] as const) {
          const from = performance.now();
          const { status } = await house.as(null, 'POST', path, { body: bodyOf(login) });
          times[who].push(performance.now() - from);
          expect(status).toBe(401);
        }
      }
      const slower = times.known.filter((ms, round) => ms > times.unknown[round]!).length;
      const [known, unknown] = [median(times.known), median(times.unknown)];
      const isApart = Math.abs(known - unknown) / Math.max(known, unknown) > sameWithin;
      const isRule = Math.max(slower, rounds - slower) > byChance;
      expect({ known, unknown, slower, tells: isApart && isRule }).toMatchObject({ tells: false });
    }
  );
});

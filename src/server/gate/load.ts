import { tooOften } from './answer.ts';
import { requestLimit } from './body.ts';

/** Where one body is collected. */
export type Room = {
  /** False when the person has too much in memory already. */
  take(bytes: number): boolean;
  /** What was taken is thrown away, so that her other bodies find room. */
  clear(): void;
};

export type Load = {
  /** Counts a request in until `leave`; throws the 429 when the person has too many under way. */
  enter(person: string): { room: Room; leave(): void };
};

/** Requests of one person that may be under way at once: the waiting ones of a dozen devices, and a burst beside them. */
const requestsEach = 100;

/** Bytes of one person's bodies that may lie in memory at once. Whoever sends slowly would else fill it with the patience of a thousand requests. */
const bytesEach = 4 * requestLimit;

const retrySeconds = 2;

export function createLoad(): Load {
  const people = new Map<string, { requests: number; bytes: number }>();
  return {
    enter(person) {
      const sum = people.get(person) ?? { requests: 0, bytes: 0 };
      if (sum.requests >= requestsEach) throw tooOften(retrySeconds);
      people.set(person, sum);
      sum.requests += 1;
      let held = 0;
      const room: Room = {
        take(bytes) {
          if (sum.bytes + bytes > bytesEach) return false;
          sum.bytes += bytes;
          held += bytes;
          return true;
        },
        clear() {
          sum.bytes -= held;
          held = 0;
        }
      };
      return {
        room,
        leave() {
          room.clear();
          sum.requests -= 1;
          if (sum.requests === 0) people.delete(person);
        }
      };
    }
  };
}

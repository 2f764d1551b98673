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
  /**
   * Counts a request in until `leave`; throws the 429 when the person has too many under way. `turn` resolves when it is this request's
   * turn to read much: beyond a few at a time one's own readings wait for each other, and nobody else's do.
   */
  enter(person: string): { room: Room; turn(): Promise<void>; leave(): void };
};

/** Requests of one person that may be under way at once: the waiting ones of a dozen devices, and a burst beside them. Scaled by `HUB_LIMITS`. */
const requestsEach = 100;

/** Bytes of one person's bodies that may lie in memory at once. Whoever sends slowly would else fill it with the patience of a thousand requests. Not scaled: memory does not grow with the factor. */
const bytesEach = 4 * requestLimit;

/** Long readings of one person at once: what a few devices do that come back together. A hundred kept everybody else waiting for half a minute. Scaled. */
const readingsEach = 6;

const retrySeconds = 2;

export function createLoad(factor = 1): Load {
  const requestsMost = Math.ceil(requestsEach * factor);
  const readingsMost = Math.ceil(readingsEach * factor);
  type Sum = { requests: number; bytes: number; readings: number; line: (() => void)[] };
  const people = new Map<string, Sum>();
  return {
    enter(person) {
      const sum = people.get(person) ?? { requests: 0, bytes: 0, readings: 0, line: [] };
      if (sum.requests >= requestsMost) throw tooOften(retrySeconds);
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
      let isReading = false;
      let begin = () => {};
      return {
        room,
        async turn() {
          const mine = new Promise<void>((resolve) => {
            begin = () => {
              isReading = true;
              sum.readings += 1;
              resolve();
            };
          });
          if (sum.readings < readingsMost) begin();
          else sum.line.push(begin);
          return mine;
        },
        leave() {
          room.clear();
          // Whoever went away while waiting is passed over.
          sum.line = sum.line.filter((other) => other !== begin);
          if (isReading) {
            sum.readings -= 1;
            sum.line.shift()?.();
          }
          sum.requests -= 1;
          if (sum.requests === 0) people.delete(person);
        }
      };
    }
  };
}

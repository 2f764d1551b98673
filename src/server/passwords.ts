import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Random } from './draw.ts';

const derive = promisify(argon2);

// OWASP's first choice for argon2id: 19 MiB and two passes, about 40 ms on a small machine. More memory would let a few
// people signing in at once push a hub on a 512 MB machine into swap.
const current = { memory: 19_456, passes: 2, parallelism: 1 };
const saltBytes = 16;
const hashBytes = 32;

/** Half of Node's four worker threads: the other half stays free for files while many sign in. */
const atOnce = 2;

/** The hash in PHC's text form, with its parameters, so that they can be raised without locking anybody out. */
export type PasswordHash = `$argon2id$v=19$m=${number},t=${number},p=${number}$${string}`;

export type Passwords = {
  hash(password: string): Promise<PasswordHash>;
  /** Takes the same time when there is nothing to compare with (null), and then is always false. */
  matches(password: string, hash: PasswordHash | null): Promise<boolean>;
};

export function createPasswords(random: Random): Passwords {
  const inTurn = createTurns(atOnce);
  const run = (password: string, nonce: Uint8Array, { memory, passes, parallelism }: typeof current) =>
    // The same word typed on two keyboards may be composed differently; NFKC makes it one.
    inTurn(() =>
      derive('argon2id', {
        message: password.normalize('NFKC'),
        nonce,
        memory,
        passes,
        parallelism,
        tagLength: hashBytes
      })
    );

  const nobody = { parameters: current, salt: random(saltBytes), hash: Buffer.alloc(hashBytes) };

  return {
    async hash(password) {
      const salt = random(saltBytes);
      const hash = await run(password, salt, current);
      const { memory, passes, parallelism } = current;
      return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
    },
    async matches(password, stored) {
      const { parameters, salt, hash } = stored === null ? nobody : parseHash(stored);
      const given = await run(password, salt, parameters);
      return timingSafeEqual(given, hash) && stored !== null;
    }
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '');

function parseHash(text: PasswordHash) {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(text);
  if (!match) throw new Error('A stored password hash is damaged');
  const [, memory, passes, parallelism, salt, hash] = match;
  return {
    parameters: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt!, 'base64'),
    hash: Buffer.from(hash!, 'base64')
  };
}

/** Lets at most `places` run at once; the others wait in line. */
function createTurns(places: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (run) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}

/** How often one key may do a thing: `burst` at once, refilled evenly at `perMinute`. Scaled by `HUB_LIMITS`. */
export const limitRules = {
  // Only failures stay counted (a success gives its take back). Ten guesses, then one in two minutes: 730 a day for one login.
  'sign-in-login': { burst: 10, perMinute: 0.5 },
  // The same for whoever is signed in and is asked once more.
  'confirm-password': { burst: 10, perMinute: 0.5 },
  // A stairwell shares one address, so several people may mistype at once.
  'sign-in-address': { burst: 100, perMinute: 10 },
  // A hand-off code has six digits: at 6 a minute, whoever asks, a code of five minutes is guessed once in 25,000.
  'handoff-guess': { burst: 10, perMinute: 6 },
  // Misses only; a link that is good always works, for neighbours share an address and 144 bits need no lock.
  'token-guess': { burst: 20, perMinute: 2 },
  'create-account': { burst: 200, perMinute: 10 },
  'create-circle': { burst: 30, perMinute: 1 },
  'create-invite': { burst: 120, perMinute: 10 },
  // Every other call of /api that changes something, by person.
  change: { burst: 240, perMinute: 120 },
  'photo-upload': { burst: 200, perMinute: 60 },
  // Under /db, by person: requests, and documents written.
  'db-request': { burst: 1200, perMinute: 1200 },
  'db-document': { burst: 20_000, perMinute: 6000 }
} as const;

export type LimitName = keyof typeof limitRules;

/** Token buckets by rule and key (an address, a login, a person). In memory: a restart forgives. */
export type Limits = {
  /** Takes `cost`; 0 when granted, else the whole seconds to wait (for `Retry-After`), and nothing is taken. */
  take(rule: LimitName, key: string, cost?: number): number;
  /** Gives a take back, when what it paid for turned out harmless. */
  giveBack(rule: LimitName, key: string, cost?: number): void;
};

type Bucket = { left: number; at: number };

// At most this many buckets are remembered; beyond it the full ones are dropped, which changes nothing for anybody.
const keptBuckets = 50_000;

export function createLimits({ clock, factor }: { clock: () => number; factor: number }): Limits {
  const buckets = new Map<string, Bucket>();

  function bucketOf(rule: LimitName, key: string): Bucket {
    const { burst, perMinute } = limitRules[rule];
    const name = `${rule} ${key}`;
    const now = clock();
    const known = buckets.get(name);
    const refilled = known ? known.left + (Math.max(0, now - known.at) / 60_000) * perMinute * factor : Infinity;
    const bucket = { left: Math.min(burst * factor, refilled), at: now };
    buckets.set(name, bucket);
    if (buckets.size > keptBuckets) forgetFull(now);
    return bucket;
  }

  function forgetFull(now: number): void {
    for (const [name, bucket] of buckets) {
      const { burst, perMinute } = limitRules[name.slice(0, name.indexOf(' ')) as LimitName];
      if (bucket.left + ((now - bucket.at) / 60_000) * perMinute * factor >= burst * factor) buckets.delete(name);
    }
  }

  return {
    take(rule, key, cost = 1) {
      const bucket = bucketOf(rule, key);
      if (bucket.left >= cost) {
        bucket.left -= cost;
        return 0;
      }
      return Math.max(1, Math.ceil(((cost - bucket.left) / (limitRules[rule].perMinute * factor)) * 60));
    },
    giveBack(rule, key, cost = 1) {
      const bucket = bucketOf(rule, key);
      bucket.left = Math.min(limitRules[rule].burst * factor, bucket.left + cost);
    }
  };
}

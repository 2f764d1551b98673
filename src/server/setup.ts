import { timingSafeEqual } from 'node:crypto';
import type { Accounts } from './accounts.ts';
import { drawSecret, secretHash, type Random } from './draw.ts';

/** The one-use set-up link: it makes the first account, and there is only one first account. */
export type Setup = {
  /** The token while it is needed. A new one each start, so that none lies on a disk; a failed try uses nothing up. */
  token(): string | null;
  /** Whether the first account is still to be made. */
  needed(): Promise<boolean>;
  matches(token: string): boolean;
};

export async function createSetup({ accounts, random }: { accounts: Accounts; random: Random }): Promise<Setup> {
  const secret = drawSecret(random, 18);
  const hash = Buffer.from(secretHash(secret));
  let open = !(await accounts.any());
  return {
    token: () => (open ? secret : null),
    async needed() {
      open &&= !(await accounts.any());
      return open;
    },
    matches: (token) => timingSafeEqual(Buffer.from(secretHash(token)), hash)
  };
}

import { handoffMinutes } from '#domain/account.ts';
import type { Random } from './draw.ts';

/** Six digits that bring the same person into another browser of her phone: once, within five minutes. */
export type Handoffs = {
  /** A new code; an older one of the same account ends. */
  issue(account: string): string;
  /** The account of a code, which is used up by asking; null for any other text. */
  redeem(code: string): string | null;
};

const lifeMs = handoffMinutes * 60_000;
const codes = 1_000_000;

/** Kept in memory alone: six digits cannot be hashed safely, and a restart may well end what lives five minutes. */
export function createHandoffs({ clock, random }: { clock: () => number; random: Random }): Handoffs {
  const open = new Map<string, { account: string; overAt: number }>();

  function draw(): string {
    // Numbers above the last whole multiple of a million are drawn again, so that no code is likelier than another.
    const limit = 2 ** 32 - (2 ** 32 % codes);
    for (;;) {
      const number = Buffer.from(random(4)).readUInt32BE();
      const code = String(number % codes).padStart(6, '0');
      if (number < limit && !open.has(code)) return code;
    }
  }

  return {
    issue(account) {
      for (const [code, handoff] of open) {
        if (handoff.account === account || handoff.overAt <= clock()) open.delete(code);
      }
      const code = draw();
      open.set(code, { account, overAt: clock() + lifeMs });
      return code;
    },
    redeem(code) {
      const handoff = open.get(code);
      open.delete(code);
      return handoff && handoff.overAt > clock() ? handoff.account : null;
    }
  };
}

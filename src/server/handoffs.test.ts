import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createHandoffs, type Handoffs } from './handoffs.ts';

const fiveMinutes = 5 * 60_000;

describe('six digits for another browser', () => {
  let now: number;
  let handoffs: Handoffs;

  beforeEach(() => {
    now = Date.parse('2026-03-01T08:00:00Z');
    handoffs = createHandoffs({ clock: () => now, random: randomBytes });
  });

  it('are good once, and for five minutes', () => {
    const code = handoffs.issue('lin');
    expect(code).toMatch(/^\d{6}$/);
    now += fiveMinutes - 1;
    expect(handoffs.redeem(code)).toBe('lin');
    expect(handoffs.redeem(code)).toBeNull();
    const late = handoffs.issue('lin');
    now += fiveMinutes;
    expect(handoffs.redeem(late)).toBeNull();
  });

  it('end with the next that the same person asks for, and nobody else’s', () => {
    const [first, meis] = [handoffs.issue('lin'), handoffs.issue('mei')];
    const second = handoffs.issue('lin');
    expect([first, meis, second].map((code) => handoffs.redeem(code))).toEqual([null, 'mei', 'lin']);
  });

  it('are drawn evenly and never twice at a time', () => {
    // The last numbers of 32 bits would make low codes likelier; the same draw again would be somebody else’s code.
    const draws = [0xff_ff_ff_ff, 7, 7, 1_000_008];
    const scripted = createHandoffs({
      clock: () => now,
      random: () => {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(draws.shift()!);
        return new Uint8Array(bytes);
      }
    });
    expect([scripted.issue('lin'), scripted.issue('mei')]).toEqual(['000007', '000008']);
  });
});

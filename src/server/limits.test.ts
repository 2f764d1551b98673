import { describe, expect, it } from 'vitest';
import { createLimits, limitRules } from './limits.ts';

describe('rate limits', () => {
  it('grant the burst, then say how long to wait, and keep their word', () => {
    let now = 0;
    const limits = createLimits({ clock: () => now, factor: 1 });
    const { burst, perMinute } = limitRules['sign-in-login'];
    for (let i = 0; i < burst; i++) expect(limits.take('sign-in-login', 'lin')).toBe(0);
    const seconds = limits.take('sign-in-login', 'lin');
    expect(seconds).toBe(60 / perMinute);
    now += (seconds - 1) * 1000;
    expect(limits.take('sign-in-login', 'lin')).toBeGreaterThan(0);
    now += 1000;
    expect(limits.take('sign-in-login', 'lin')).toBe(0);
  });

  it('keep people and rules apart, and give back what was harmless', () => {
    const limits = createLimits({ clock: () => 0, factor: 1 });
    const { burst } = limitRules['sign-in-login'];
    for (let i = 0; i < 3 * burst; i++) {
      expect(limits.take('sign-in-login', 'mei')).toBe(0);
      limits.giveBack('sign-in-login', 'mei');
    }
    for (let i = 0; i < burst; i++) limits.take('sign-in-login', 'mei');
    expect(limits.take('sign-in-login', 'mei')).toBeGreaterThan(0);
    expect(limits.take('sign-in-login', 'lin')).toBe(0);
    expect(limits.take('change', 'mei')).toBe(0);
  });

  it('are all multiplied by the factor', () => {
    const limits = createLimits({ clock: () => 0, factor: 10 });
    const granted = Array.from({ length: 200 }, () => limits.take('sign-in-login', 'hao')).filter((wait) => wait === 0);
    expect(granted).toHaveLength(10 * limitRules['sign-in-login'].burst);
  });
});

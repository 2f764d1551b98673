import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heirOf, roles } from './member.ts';

describe('[S15] who takes over from the last steward', () => {
  it('is the member who has been there longest, before any newcomer', () => {
    const others = [
      { person: 'xiaoyu', role: 'newcomer' },
      { person: 'mei', role: 'member' },
      { person: 'hao', role: 'member' }
    ] as const;
    expect(heirOf(others)?.person).toBe('mei');
  });

  it('is a newcomer where there is nobody else', () => {
    const others = [
      { person: 'xiaoyu', role: 'newcomer' },
      { person: '302-07', role: 'newcomer' }
    ] as const;
    expect(heirOf(others)?.person).toBe('xiaoyu');
  });

  it('is nobody while another steward stays, and nobody of nobody', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ role: fc.constantFrom(...roles) })), (others) => {
        const isNeeded = others.length > 0 && others.every(({ role }) => role !== 'steward');
        expect(heirOf(others) !== undefined).toBe(isNeeded);
      })
    );
  });
});

import { describe, expect, it } from 'vitest';
import { messageFaults } from '../../scripts/message-faults.js';

describe('the messages', () => {
  const faults = messageFaults();

  it('stand in both languages', () => expect(faults.missing).toEqual([]));
  it('take the same values in both languages', () => expect(faults.unequal).toEqual([]));
  it('exist for every use', () => expect(faults.unknown).toEqual([]));
  it('are all used', () => expect(faults.unused).toEqual([]));
});

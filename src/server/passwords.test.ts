import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPasswords } from './passwords.ts';

describe('passwords', () => {
  const passwords = createPasswords(randomBytes);

  it('are kept as salted argon2id hashes that say their own parameters', async () => {
    const [one, two] = await Promise.all([passwords.hash('three jujubes'), passwords.hash('three jujubes')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await passwords.matches('three jujubes', one)).toBe(true);
    expect(await passwords.matches('three Jujubes', one)).toBe(false);
  });

  it('match however a keyboard composes their letters', async () => {
    expect(await passwords.matches('cafe\u0301 au lait', await passwords.hash('caf\u00e9 au lait'))).toBe(true);
  });

  it('still match under the parameters they were made with', async () => {
    const old = '$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$';
    const made = await passwords.hash('x');
    expect(made.startsWith(old)).toBe(false);
    await expect(passwords.matches('x', '$argon2id$broken' as typeof made)).rejects.toThrow('damaged');
  });

  it('of nobody never match', async () => {
    expect(await passwords.matches('', null)).toBe(false);
  });
});

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import Md5 from './md5.ts';

describe('the digest that PouchDB names revisions by', () => {
  it('is MD5 of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(Md5.hash(text)).toBe(createHash('md5').update(text, 'utf8').digest('hex'));
      })
    );
  });

  it('is MD5 of any bytes, of whatever length beside the block', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Buffer.from(Array.from({ length }, (_, at) => (at * 37) % 256));
      const raw = new Md5().appendBinary(bytes.toString('latin1')).end();
      expect(Buffer.from(raw, 'latin1')).toEqual(createHash('md5').update(bytes).digest());
    }
  });
});

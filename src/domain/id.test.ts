import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authorOf, isAccountId, isCircleId, parseRecordId, recordId, timeKey, type RecordId } from './id.ts';

const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,39}$/).filter((text) => text !== 'hub' && text !== 'me');
const kind = fc.stringMatching(/^[a-z]{2,20}$/);
const plainKey = fc.stringMatching(/^[a-z0-9-]{1,40}$/);
const parts = fc.record({ author: name, kind, key: plainKey });

/** Ids of depth up to three: a pick of a claim of a listing. */
const id = fc
  .array(fc.tuple(name, kind), { maxLength: 2 })
  .chain((outer) =>
    parts.map((inner) =>
      outer.reduce<RecordId>(
        (key, [author, it]) => `${author}:${it}:${key}`,
        recordId(inner.author, inner.kind, inner.key)
      )
    )
  )
  .filter((text) => text.length <= 240);

describe('record ids', () => {
  it('[R1] [R2] say author, kind and key, and nothing else says the same', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(parseRecordId(recordId(a.author, a.kind, a.key))).toEqual(a);
        const same = a.author === b.author && a.kind === b.kind && a.key === b.key;
        expect(recordId(a.author, a.kind, a.key) === recordId(b.author, b.kind, b.key)).toBe(same);
      })
    );
  });

  it('[R2] round-trip with a whole id as the key', () => {
    fc.assert(
      fc.property(id, name, kind, (subject, author, it) => {
        fc.pre(`${author}:${it}:${subject}`.length <= 240);
        expect(parseRecordId(recordId(author, it, subject))).toEqual({ author, kind: it, key: subject });
        expect(authorOf(recordId(author, it, subject))).toBe(author);
      })
    );
  });

  it('[R1] cannot be made to name another author by the text of a part', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (author, it, key) => {
        let made: RecordId | null = null;
        try {
          made = recordId(author, it, key);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
        if (made) expect(parseRecordId(made)).toEqual({ author, kind: it, key });
      })
    );
    expect(() => recordId('lin', 'claim:x', 'y')).toThrow(RangeError);
    expect(() => recordId('lin:claim', 'xx', 'y')).toThrow(RangeError);
  });

  it.each([
    ['', 'nothing'],
    ['lin', 'no colon'],
    ['lin:listing', 'one colon'],
    ['lin:listing:', 'no key'],
    [':listing:a', 'no author'],
    ['me:listing:a', 'a name that is a path'],
    ['l:listing:a', 'an author of one letter'],
    ['Lin:listing:a', 'capitals'],
    ['lin:listing:A', 'capitals in the key'],
    ['lin:l:a', 'a kind of one letter'],
    ['lin:listing2:a', 'a digit in the kind'],
    ['lin:listing:a b', 'a blank'],
    ['lin:listing:a\n', 'a line end'],
    ['lin:listing:大枣', 'other letters'],
    [`lin:listing:${'a'.repeat(41)}`, 'a key of 41'],
    ['lin:claim:lin:listing:', 'a subject without a key'],
    ['lin:claim:lin:listing', 'a subject of two parts'],
    ['_design/x', 'a design document'],
    ['__proto__', 'a name of the language']
  ])('are not %j: %s', (text) => {
    expect(parseRecordId(text)).toBeNull();
  });

  it('end at 240 characters', () => {
    const longest = `${`${'a'.repeat(40)}:${'k'.repeat(20)}:`.repeat(3)}${'b'.repeat(10)}:kk:${'c'.repeat(40)}`;
    expect(longest).toHaveLength(240);
    expect(parseRecordId(longest)).not.toBeNull();
    expect(parseRecordId(longest.replace('b:', 'bb:'))).toBeNull();
  });

  it('are asked about anything without falling', () => {
    fc.assert(fc.property(fc.anything(), (value) => void parseRecordId(value)));
  });
});

describe('accounts and circles', () => {
  it('are never the hub nor the path of one’s own database', () => {
    for (const taken of ['hub', 'me']) {
      expect(isAccountId(taken)).toBe(false);
      expect(isCircleId(taken)).toBe(false);
    }
    expect(['lin', '302-07', 'granny-wang'].every(isAccountId)).toBe(true);
    expect(['-lin', 'l', '', null, 7, ['lin'], 'a'.repeat(41)].some(isAccountId)).toBe(false);
  });
});

describe('timeKey', () => {
  const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });

  it('[R2] is a UUIDv7 that fits an id and sorts by its time', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 47), fc.nat(2 ** 40), bytes, bytes, (now, later, first, second) => {
        const key = timeKey(now, () => first.slice());
        expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(parseRecordId(recordId('lin', 'listing', key))?.key).toBe(key);
        expect(key < timeKey(now + 1 + later, () => second.slice())).toBe(true);
      })
    );
  });

  it('leaves the bytes it was given as they were', () => {
    const drawn = new Uint8Array(10).fill(255);
    timeKey(1, () => drawn);
    expect(drawn).toEqual(new Uint8Array(10).fill(255));
  });
});

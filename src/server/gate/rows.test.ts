import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindSamples } from '#domain/testing/kind-samples.ts';
import { isTooDeep } from '../too-deep.ts';
import { parseObject } from './body.ts';
import { mergeRevsDiff, splitBulkGet, splitRevsDiff } from './foreign.ts';
import { ownRows } from './lines.ts';
import { bulkText, judgeRows, mergeRows, storedIds } from './rows.ts';

const lin = { person: 'lin', role: 'member' } as const;
const comment = kindSamples('lin').comment;
const judge = (docs: unknown, newEdits = true) => judgeRows(docs, newEdits, 'circle', lin);
const reasonOf = (doc: unknown, newEdits = true) =>
  judge([doc], newEdits).refused.get(0)?.reason?.split(':')[0] ?? null;

describe('rows', () => {
  it.each([
    '_design/x',
    '_local/x',
    '',
    ' ',
    'lin:comment:a b',
    'lin:comment:\u0000',
    '__proto__',
    'constructor',
    '../x',
    'ｌin:comment:a',
    'a'.repeat(9_000)
  ])('the id %j is a forbidden row, not a refused request', (_id) => {
    expect(judge([{ ...comment, _id }]).refused.get(0)).toEqual({
      id: _id,
      error: 'forbidden',
      reason: expect.stringMatching(/^[a-z-]+: ./)
    });
  });

  it.each([[null], ['text'], [[]], [{}], [{ _id: 7 }], [undefined]])('a row that is %o refuses the request', (row) => {
    expect(() => judge([comment, row])).toThrow(expect.objectContaining({ status: 400 }));
  });

  it('a refused row names the field to look at', () => {
    const { reason } = judge([{ ...comment, text: '' }]).refused.get(0)!;
    expect(reason).toBe('invalid-field: A field of this record is missing or wrong. Look at `text`.');
  });

  it('a flood of documents is 413 before any is looked at', () => {
    expect(() => judge(Array.from({ length: 100_000 }, () => null))).toThrow(expect.objectContaining({ status: 413 }));
  });

  it.each([
    [{ _rev: '1-a' }, null],
    [{ _rev: '1-a', _revisions: { start: 1, ids: ['a'] } }, null],
    [{ _revisions: { start: 3, ids: ['c', 'b', 'a'] } }, null],
    [{ _revisions: { start: 1_000, ids: Array.from({ length: 1_000 }, (_, index) => `r${index}`) } }, null],
    [{}, 'invalid-field'],
    [{ _rev: '0-a' }, 'invalid-field'],
    [{ _rev: 'a' }, 'invalid-field'],
    [{ _rev: 7 }, 'invalid-field'],
    [{ _rev: `1-${'z'.repeat(32)}` }, 'invalid-field'],
    [{ _rev: '2-b', _revisions: { start: 1, ids: ['a'] } }, 'invalid-field'],
    [{ _revisions: 7 }, 'invalid-field'],
    [{ _revisions: { start: 1, ids: [] } }, 'invalid-field'],
    [{ _revisions: { start: 1, ids: ['b', 'a'] } }, 'invalid-field'],
    [{ _revisions: { start: 1.5, ids: ['a'] } }, 'invalid-field'],
    [{ _revisions: { start: 1, ids: [{}] } }, 'invalid-field'],
    [
      { _revisions: { start: 9_999, ids: Array.from({ length: 1_001 }, (_, index) => `r${index}`) } },
      'too-many-revisions'
    ]
  ])('[R10] without new edits, %o is answered with %s', (revision, code) => {
    expect(reasonOf({ ...comment, ...revision }, false)).toBe(code);
  });

  it.each([
    [{ _attachments: { x: { data: '' } } }, 'attachments'],
    [{ _conflicts: [] }, 'invalid-field'],
    [{ _replication_id: 'x' }, 'invalid-field'],
    [{ text: 'x'.repeat(33_000) }, 'too-large'],
    [{ text: '\ud800' }, 'not-json'],
    [JSON.parse('{"__proto__": {"_deleted": true}}'), 'invalid-field'],
    [{ deep: JSON.parse('{"__proto__": 1}') }, 'invalid-field'],
    [{ text: '"__proto__":' }, null],
    [JSON.parse('{"constructor": 1, "toString": 2}'), null],
    [{ more: { fields: [1, 'x'] } }, null]
  ])('a comment with %o is answered with %s', (fields, code) => {
    const doc = JSON.parse(JSON.stringify(comment)) as object;
    for (const [name, value] of Object.entries(fields)) Object.defineProperty(doc, name, { value, enumerable: true });
    expect(reasonOf(doc)).toBe(code);
  });

  it('32 kB are counted without `_revisions`', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `${index}`.padStart(32, '0'));
    expect(reasonOf({ ...comment, text: 'x'.repeat(32_000), _revisions: { start: 1_000, ids } }, false)).toBe(null);
  });

  it('with new edits `_revisions` is left behind, so that `_rev` alone names the parent', () => {
    const judged = judge([{ ...comment, _rev: '1-a', _revisions: { start: 9, ids: ['z'] } }]);
    expect(JSON.parse(bulkText(judged.accepted, true))).toEqual({
      new_edits: true,
      docs: [{ ...comment, _rev: '1-a' }]
    });
  });

  it('of duplicate keys the last counts, in the check and in what is stored', () => {
    const text = JSON.stringify(comment).replace('"_id":', '"_id":"mei:comment:question","_id":');
    const { accepted } = judge([parseObject(text)]);
    expect(JSON.parse(accepted[0]!.text)).toEqual(comment);
  });

  it('with new edits the answer has a row for each document in order', () => {
    const docs = [
      { ...comment, _id: 'mei:comment:a' },
      comment,
      { ...comment, _id: '_design/x' },
      { ...comment, _id: 'lin:comment:b' }
    ];
    const judged = judge(docs);
    const answered = [
      { id: comment._id, error: 'conflict', reason: 'Document update conflict.' },
      { id: 'lin:comment:b', ok: true as const, rev: '1-b' }
    ];
    expect(mergeRows(docs.length, judged, answered, true).map(({ id, error, ok }) => [id, error ?? ok])).toEqual([
      ['mei:comment:a', 'forbidden'],
      [comment._id, 'conflict'],
      ['_design/x', 'forbidden'],
      ['lin:comment:b', true]
    ]);
    expect(storedIds(judged, answered, true)).toEqual(['lin:comment:b']);
  });

  it('without new edits the answer has only what was refused', () => {
    const docs = [
      { ...comment, _rev: '1-a' },
      { ...comment, _id: 'mei:comment:a', _rev: '1-a' }
    ];
    const judged = judge(docs, false);
    expect(mergeRows(docs.length, judged, [], false)).toEqual([
      { id: 'mei:comment:a', error: 'forbidden', reason: expect.any(String) }
    ]);
    expect(storedIds(judged, [], false)).toEqual([comment._id]);
  });
});

describe('the body', () => {
  it.each([
    ['['.repeat(64) + ']'.repeat(64), false],
    ['['.repeat(65) + ']'.repeat(65), true],
    [`{"a":"${'['.repeat(500)}"}`, false],
    [`{"a":"\\"${'{'.repeat(500)}"}`, false],
    [`{"a":"\\\\","b":${'['.repeat(65)}`, true],
    ['{"a":'.repeat(100_000), true],
    ['"'.repeat(9), false],
    [`"${'\\'.repeat(100_000)}`, false]
  ])('%.30s… is too deep: %s', (text, deep) => {
    expect(isTooDeep(text)).toBe(deep);
  });

  it('depth is counted through arrays, objects and whatever strings stand between', () => {
    const layer = fc.record({ list: fc.boolean(), beside: fc.string({ unit: 'binary', maxLength: 8 }) });
    fc.assert(
      fc.property(fc.array(layer, { minLength: 60, maxLength: 70 }), (layers) => {
        const value = layers.reduce<unknown>(
          (inner, { list, beside }) => (list ? [beside, inner] : { [beside]: inner }),
          'end'
        );
        expect(isTooDeep(JSON.stringify(value))).toBe(layers.length > 64);
      })
    );
  });

  it.each(['', 'x', '[]', '"x"', '1', 'null', '{"a":1'])('%j is 400', (text) => {
    expect(() => parseObject(text)).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe('ids that are no record’s', () => {
  it('_revs_diff says of them that they are missing, and never asks', () => {
    const body = parseObject(
      '{"_design/x":["1-a"],"__proto__":["1-b"],"lin:comment:a":["1-a","not a revision"],"_local/y":["1-c"]}'
    );
    const { asked, missing } = splitRevsDiff(body);
    expect(asked).toEqual({ 'lin:comment:a': ['1-a'] });
    const merged = mergeRevsDiff({ 'lin:comment:a': { missing: ['1-a'], possible_ancestors: ['1-0'] } }, missing);
    expect(JSON.parse(JSON.stringify(merged))).toEqual(
      JSON.parse(
        '{"lin:comment:a":{"missing":["1-a","not a revision"],"possible_ancestors":["1-0"]},"_design/x":{"missing":["1-a"]},"__proto__":{"missing":["1-b"]},"_local/y":{"missing":["1-c"]}}'
      )
    );
    expect(({} as Record<string, unknown>)['missing']).toBeUndefined();
  });

  it('_bulk_get answers them with not_found', () => {
    const { asked, results } = splitBulkGet({
      docs: [{ id: '_local/mei.x' }, { id: 'lin:comment:a', rev: '1-a', atts_since: [] }]
    });
    expect(asked).toEqual([{ id: 'lin:comment:a', rev: '1-a' }]);
    expect(results).toEqual([
      {
        id: '_local/mei.x',
        docs: [{ error: { id: '_local/mei.x', rev: 'undefined', error: 'not_found', reason: 'missing' } }]
      }
    ]);
  });
});

describe('a streamed answer', () => {
  const couch = [
    '{"results":[\n{"seq":"1-a","id":"lin:comment:a","changes":[{"rev":"1-a"}]},\r\n{"seq":"2-a","id":"_design/x","changes":[]},\r\n{"seq":"3-a","id":"lin:comment:b","doc":{"id":"_design/字"}}\n],\n"last_seq":"3-a","pending":0}\n',
    '{"total_rows":2,"offset":0,"rows":[\r\n{"id":"_design/x","key":"_design/x"},\r\n{"id":"lin:comment:a","key":"lin:comment:a"},\r\n{"key":"_local/y","error":"not_found"}\r\n]}\n',
    '{"total_rows":0,"offset":0,"rows":[\r\n\r\n]}\n',
    '{"results":[\n\n\n\n],\n"last_seq":"0","pending":0}\n'
  ];
  const expected = [['lin:comment:a', 'lin:comment:b'], ['lin:comment:a'], [], []];

  async function* cut(text: string, sizes: number[]): AsyncGenerator<Uint8Array> {
    const bytes = Buffer.from(text);
    for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
      const size = sizes[turn % sizes.length]!;
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }

  it('keeps its rows and leaves out design documents, wherever the network cuts it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 3 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
        async (which, sizes) => {
          let text = '';
          for await (const part of ownRows(cut(couch[which]!, sizes))) text += part;
          const { results, rows = results } = JSON.parse(text) as {
            results?: { id: string }[];
            rows?: { id: string }[];
          };
          expect(rows!.map(({ id }) => id)).toEqual(expected[which]);
        }
      )
    );
  });
});

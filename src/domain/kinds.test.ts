import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindSamples } from './testing/kind-samples.ts';
import { isKind, kinds, refusal } from './kinds.ts';
import type { Home, KindName, RefusalCode, Role } from './kinds.ts';
import { parseRecord } from './record.ts';
import { largestRecordBytes } from './storage.ts';

type Answer = RefusalCode | null;
type Row = {
  home: Home;
  /** What its author hears as a member, and as a steward. */
  member: Answer;
  steward: Answer;
  /** What anybody else hears. */
  others: Answer;
  /** The fields of the sample that it cannot do without, beside those of every record. */
  needs: string[];
};

const mine = { home: 'circle', member: null, steward: null, others: 'not-yours' } as const;
const hubs = { home: 'circle', member: 'hub-only', steward: 'hub-only', others: 'hub-only' } as const;

/** Said once more by hand, so that a slip in the table of kinds is seen. */
const rows: { [K in KindName]: Row } = {
  person: { ...mine, needs: ['name'] },
  listing: { ...mine, needs: ['title', 'text', 'price', 'quantity', 'rule', 'photos', 'status'] },
  photo: { ...mine, needs: ['width', 'height', 'bytes', 'type', 'thumbhash'] },
  claim: { ...mine, needs: ['subject', 'quantity', 'status'] },
  pick: { ...mine, needs: ['subject'] },
  handover: { ...mine, needs: ['subject'] },
  comment: { ...mine, needs: ['subject', 'text'] },
  hide: { ...mine, member: 'stewards-only', needs: ['subject', 'reason'] },
  message: { ...mine, home: 'me', needs: ['to', 'circle', 'text'] },
  delivered: { ...hubs, home: 'me', needs: ['subject', 'from', 'record'] },
  circle: { ...hubs, needs: ['name', 'circleKind'] },
  member: { ...hubs, needs: ['person', 'role', 'joinedAt'] },
  allotment: { ...hubs, needs: ['subject', 'left', 'next', 'terms', 'places'] }
};

const samples = kindSamples('lin');
const kindNames = Object.keys(kinds) as KindName[];
const writable = kindNames.filter((kind) => kinds[kind].author !== 'hub');
const elsewhere = { circle: 'me', me: 'circle' } as const satisfies Record<Home, Home>;

const answer = (doc: unknown, home: Home, person: string, role: Role): Answer =>
  refusal(doc, home, { person, role })?.code ?? null;
/** What Lin, who may do everything that a person may, hears at its home. */
const answerToLin = (kind: KindName, doc: unknown) => answer(doc, rows[kind].home, 'lin', 'steward');

/** The sample without some fields, with others. */
function changed(
  kind: KindName,
  change: Record<string, unknown>,
  drop: readonly string[] = []
): Record<string, unknown> {
  const kept = Object.entries(samples[kind]).filter(([field]) => !drop.includes(field));
  return { ...Object.fromEntries(kept), ...change };
}

describe.each(kindNames)('%s', (kind) => {
  const { home, member, steward, others, needs } = rows[kind];
  const sample = samples[kind];

  it.each<[string, Role, Answer]>([
    ['lin', 'newcomer', member],
    ['lin', 'member', member],
    ['lin', 'steward', steward],
    ['mei', 'member', others],
    ['mei', 'steward', others],
    ['hub', 'steward', others]
  ])('[R1] [R12] of Lin, written by %s as a %s, is answered with %s', (person, role, code) => {
    // Even who calls itself hub is no hub here.
    expect(answer(sample, home, person, role)).toBe(code);
  });

  it('[R13] is refused away from home', () => {
    expect(answer(sample, elsewhere[home], 'lin', 'steward')).toBe(others === 'hub-only' ? 'hub-only' : 'wrong-home');
  });

  it('[R4] may be deleted by its author alone, whatever her role, and then says nothing', () => {
    const tombstone = { _id: sample._id, _rev: '2-abc', _deleted: true };
    expect(answer(tombstone, home, 'lin', 'member')).toBe(others === 'hub-only' ? 'hub-only' : null);
    expect(answer(tombstone, home, 'mei', 'steward')).toBe(others);
    expect(answer({ ...tombstone, kind }, home, 'lin', 'steward')).toBe(
      others === 'hub-only' ? 'hub-only' : 'deleted-with-fields'
    );
  });

  it('[R8] is read as the very document, with the fields nobody knows', () => {
    const doc = { ...sample, _rev: '1-abc', later: { than: ['this', 'build'] } };
    const parsed = parseRecord(doc);
    expect(parsed.ok && parsed.record).toBe(doc);
  });

  it('[R12] needs just the fields it says', () => {
    for (const field of Object.keys(sample).filter((name) => name !== '_id')) {
      const parsed = parseRecord(changed(kind, {}, [field]));
      const needed = [...needs, 'kind', 'v', 'createdAt', 'updatedAt'].includes(field);
      expect([field, parsed.ok]).toEqual([field, !needed]);
      if (!parsed.ok && field !== 'kind') expect(parsed).toEqual({ ok: false, code: 'invalid-field', field });
    }
  });

  it('[R12] says no to a field of another type', () => {
    for (const field of ['v', 'createdAt', 'updatedAt', ...needs]) {
      for (const nonsense of [NaN, -1, 1.5, 2 ** 60, true, {}, [[]], [null], undefined]) {
        expect(parseRecord(changed(kind, { [field]: nonsense }))).toEqual({
          ok: false,
          code: 'invalid-field',
          field: expect.stringMatching(`^${field}($|\\.)`)
        });
      }
    }
  });
});

describe('refusal', () => {
  it('[R12] knows no kind that is not in the table', () => {
    for (const kind of ['order', 'constructor', 'valueof', 'hub']) {
      expect(answer(changed('comment', { _id: `lin:${kind}:a`, kind }), 'circle', 'lin', 'steward')).toBe(
        'unknown-kind'
      );
      expect(isKind(kind)).toBe(false);
    }
  });

  it('[R1] finds no record in what has no sound id', () => {
    for (const _id of [
      undefined,
      7,
      '',
      '_design/x',
      'lin:listing:',
      '__proto__',
      ['lin:listing:a'],
      'lin:listing:ä'
    ]) {
      expect(answer(changed('listing', { _id }), 'circle', 'lin', 'member')).toBe('not-a-record');
    }
    for (const doc of [null, undefined, 'lin:listing:a', 7, [], [samples.listing], new Map()]) {
      expect(answer(doc, 'circle', 'lin', 'member')).toBe('not-a-record');
    }
  });

  it('[R1] lets nobody write under the hub’s name, not even a kind that members write', () => {
    const doc = changed('listing', { _id: 'hub:listing:trousers' });
    expect(answer(doc, 'circle', 'hub', 'steward')).toBe('hub-only');
    expect(answer(changed('member', { _id: 'lin:member:mei' }), 'circle', 'lin', 'steward')).toBe('hub-only');
  });

  it.each([
    ['person', 'lin:person:other'],
    ['listing', 'lin:listing:fang:listing:a'],
    ['photo', 'lin:photo:abc'],
    ['claim', 'lin:claim:trousers'],
    ['claim', 'lin:claim:mei:comment:a'],
    ['claim', 'lin:claim:mei:claim:lin:listing:a'],
    ['pick', 'lin:pick:lin:listing:a'],
    ['hide', 'lin:hide:hub:circle:self']
  ] as const)('[R2] takes no %s under %s', (kind, _id) => {
    expect(answerToLin(kind, changed(kind, { _id }))).toBe('not-a-record');
  });

  it.each(['pick', 'handover'] as const)('[R6] leaves the %s to whoever made the offer', (kind) => {
    const subject = 'lin:claim:fang:listing:jujubes';
    const doc = changed(kind, { _id: `lin:${kind}:${subject}`, subject });
    expect(answerToLin(kind, doc)).toBe('giver-only');
    expect(answerToLin(kind, { _id: doc._id, _deleted: true })).toBe('giver-only');
  });

  it('[R3] holds the subject to the id, and to what may be answered', () => {
    expect(answerToLin('claim', changed('claim', { subject: 'fang:listing:other' }))).toBe('subject-mismatch');
    expect(answerToLin('comment', changed('comment', { subject: 'mei:comment:a' }))).toBe('subject-mismatch');
    expect(answerToLin('message', changed('message', { subject: 'mei:comment:a' }))).toBe('subject-mismatch');
    expect(answerToLin('message', changed('message', {}, ['subject']))).toBeNull();
  });

  it.each<[KindName, readonly KindName[]]>([
    ['claim', ['listing']],
    ['pick', ['claim']],
    ['handover', ['claim']],
    ['comment', ['listing']],
    ['hide', ['person', 'listing', 'photo', 'claim', 'comment']],
    ['message', ['listing', 'claim']],
    ['allotment', ['listing']],
    ['delivered', kindNames]
  ])('[R3] a %s answers nothing but %j', (kind, answered) => {
    const [author] = samples[kind]._id.split(':');
    const answers = kindNames.filter((other) => {
      const subject = samples[other]._id;
      const id = kinds[kind].key === 'subject' ? { _id: `${author}:${kind}:${subject}` } : {};
      return parseRecord(changed(kind, { ...id, subject })).ok;
    });
    expect(answers).toEqual(answered);
  });

  it('[R1] holds the kind to the id', () => {
    expect(answerToLin('comment', changed('comment', { kind: 'listing' }))).toBe('kind-mismatch');
  });

  it('takes a record of 32 kB, its history apart, and not a byte more', () => {
    const weight = new TextEncoder().encode(JSON.stringify(changed('comment', { text: '' }))).length;
    const text = 'x'.repeat(largestRecordBytes - weight);
    const _revisions = { start: 1000, ids: Array.from({ length: 1000 }, (_, i) => `${i}`.padStart(32, '0')) };
    expect(answerToLin('comment', changed('comment', { text, _revisions }))).toBeNull();
    expect(answerToLin('comment', changed('comment', { text: `${text}x` }))).toBe('too-large');
    expect(answerToLin('comment', changed('comment', { text: '枣'.repeat(largestRecordBytes / 3) }))).toBe('too-large');
    expect(answerToLin('comment', changed('comment', { unknown: 'x'.repeat(largestRecordBytes) }))).toBe('too-large');
  });

  it('reads what the hub wrote, whatever its size', () => {
    const claims = Array.from({ length: 400 }, (_, i) => `neighbour-${i}:claim:lin:listing:trousers`);
    const places = claims.map((claim, i) => ({
      claim,
      quantity: 1,
      arrival: i + 1,
      state: 'waiting',
      place: i + 1,
      why: { code: 'queued', rule: 'first-come', arrival: i + 1, ahead: i }
    }));
    const doc = changed('allotment', { places });
    expect(JSON.stringify(doc).length).toBeGreaterThan(largestRecordBytes);
    expect(parseRecord(doc).ok).toBe(true);
  });

  it('takes no attachments, nor any other name that the database keeps for itself', () => {
    expect(answerToLin('comment', changed('comment', { _attachments: {} }))).toBe('attachments');
    for (const name of ['_conflicts', '_x', '__proto__']) {
      const doc: unknown = JSON.parse(JSON.stringify(samples.comment).replace('{', `{"${name}":{},`));
      expect(refusal(doc, 'circle', { person: 'lin', role: 'member' })).toMatchObject({
        code: 'invalid-field',
        field: name
      });
    }
    expect(answerToLin('comment', changed('comment', { _deleted: 'yes' }))).toBe('invalid-field');
    expect(answerToLin('comment', changed('comment', { _deleted: false, _rev: '3-abc' }))).toBeNull();
    expect(answerToLin('comment', changed('comment', { _rev: 'abc' }))).toBe('invalid-field');
    expect(answerToLin('comment', { _id: samples.comment._id, _deleted: true, _rev: 7 })).toBe('invalid-field');
  });

  it('keeps names of the language as data', () => {
    const odd = '"later":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}},"constructor":1';
    const doc: unknown = JSON.parse(JSON.stringify(samples.comment).replace('{', `{${odd},`));
    expect(answer(doc, 'circle', 'lin', 'member')).toBeNull();
    const parsed = parseRecord(doc);
    expect(JSON.stringify(parsed.ok && parsed.record)).toContain(odd);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('stores only what is JSON', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    for (const later of [cycle, '\udfff', NaN, () => 1, new Date()]) {
      expect(answerToLin('comment', changed('comment', { later }))).toBe('not-json');
    }
    expect(answerToLin('comment', changed('comment', { later: undefined }))).toBeNull();
  });

  it('[R8] answers anything, in any field, without falling', () => {
    const kind = fc.constantFrom(...writable);
    fc.assert(
      fc.property(kind, fc.nat(30), fc.anything({ withNullPrototype: true }), (name, at, value) => {
        const fields = Object.keys(samples[name]);
        const field = fields[at % fields.length]!;
        const doc = changed(name, { [field]: value });
        const refused = refusal(doc, rows[name].home, { person: 'lin', role: 'steward' });
        expect(refused === null || refused.message.length > 0).toBe(true);
        if (refused === null) expect(JSON.parse(JSON.stringify(doc))).toEqual(doc);
        refusal(value, 'circle', { person: 'lin', role: 'member' });
        parseRecord(doc);
      })
    );
  });
});

import { expect, test } from 'vitest';
import type { Log, LogSeq, Stored } from '../log.ts';

const rev = (generation: number, letter: string) => `${generation}-${letter.repeat(32)}`;

const doc = (id: string, generation: number, letter: string, fields: object = {}): Stored => ({
  _id: `lin:comment:${id}`,
  _rev: rev(generation, letter),
  ...fields
});

/** What every log promises; each implementation runs it. */
export function logAcceptance(open: () => Log): void {
  test('a new revision is the winner and nothing else is open', async () => {
    const log = open();
    const first = await log.put({ _id: 'lin:comment:a', text: 'one' });
    await log.put({ _id: 'lin:comment:a', _rev: first, text: 'two' });
    expect(await log.get('lin:comment:a')).toMatchObject({ text: 'two' });
    expect(await log.leaves(['lin:comment:a'])).toHaveLength(1);
  });

  test('a revision on one that is no leaf is a conflict', async () => {
    const log = open();
    const first = await log.put({ _id: 'lin:comment:a', text: 'one' });
    await log.put({ _id: 'lin:comment:a', _rev: first, text: 'two' });
    await expect(log.put({ _id: 'lin:comment:a', _rev: first, text: 'three' })).rejects.toMatchObject({
      code: 'conflict'
    });
  });

  test('what is taken twice is there once', async () => {
    const log = open();
    await log.take([doc('a', 3, 'a', { text: 'hi' })]);
    await log.take([doc('a', 3, 'a', { text: 'hi' })]);
    expect((await log.changes(0, 100)).changes).toHaveLength(1);
    expect(await log.known(['lin:comment:a', 'lin:comment:b'])).toEqual(new Set(['lin:comment:a']));
  });

  test('two branches leave the winner and name the other', async () => {
    const log = open();
    await log.take([doc('a', 1, 'a', { text: 'a' }), doc('a', 1, 'b', { text: 'b' })]);
    expect(await log.get('lin:comment:a')).toMatchObject({ text: 'b', _conflicts: [rev(1, 'a')] });
    expect(await log.leaves(['lin:comment:a'])).toHaveLength(2);
  });

  test('with its history a revision follows the one it was made on', async () => {
    const log = open();
    await log.take([doc('a', 1, 'a')]);
    const history = { start: 2, ids: ['b'.repeat(32), 'a'.repeat(32)] };
    await log.take([{ ...doc('a', 2, 'b', { text: 'later' }), _revisions: history }]);
    const winner = await log.get('lin:comment:a');
    expect(winner).toMatchObject({ text: 'later' });
    expect(winner?._conflicts).toBeUndefined();
  });

  test('only leaf revisions that are not here are missing', async () => {
    const log = open();
    await log.take([doc('a', 1, 'a')]);
    const missing = await log.missing({ 'lin:comment:a': [rev(1, 'a'), rev(2, 'c')], 'lin:comment:b': [rev(1, 'x')] });
    expect(missing).toEqual({ 'lin:comment:a': [rev(2, 'c')], 'lin:comment:b': [rev(1, 'x')] });
  });

  test('a tombstone is no document, and is told as a change', async () => {
    const log = open();
    const first = await log.put({ _id: 'lin:comment:a', text: 'one' });
    await log.put({ _id: 'lin:comment:a', _rev: first, _deleted: true });
    expect(await log.get('lin:comment:a')).toBeNull();
    expect((await log.changes(0, 10)).changes).toMatchObject([{ doc: { _deleted: true } }]);
  });

  test('changes go on from where the last page ended', async () => {
    const log = open();
    await log.take(['a', 'b', 'c'].map((id) => doc(id, 1, id)));
    const first = await log.changes(0, 2);
    const second = await log.changes(first.last, 2);
    expect([...first.changes, ...second.changes].map(({ id }) => id).sort()).toEqual([
      'lin:comment:a',
      'lin:comment:b',
      'lin:comment:c'
    ]);
    expect((await log.changes(second.last, 2)).changes).toEqual([]);
  });

  test('[R8] a document that cannot be stored does not keep the others out', async () => {
    const log = open();
    await log.take([doc('a', 1, 'a'), { ...doc('b', 1, 'b'), _strange: 1 }, doc('c', 1, 'c')]);
    expect(await log.known(['lin:comment:a', 'lin:comment:c'])).toEqual(new Set(['lin:comment:a', 'lin:comment:c']));
  });

  test('of many documents those that are new are taken, and each comes once as a change, with what was written meanwhile', async () => {
    const log = open();
    const many = (start: number, end: number) =>
      Array.from({ length: end - start }, (_, index) => doc(`n${start + index}`, 1, 'a', { text: `${start + index}` }));
    const read: string[] = [];
    let since: LogSeq = 0;
    const readOn = async () => {
      for (;;) {
        const { changes, last } = await log.changes(since, 500);
        read.push(...changes.map(({ id, doc }) => `${id} ${doc._rev} ${String(doc['text'])}`));
        if (changes.length === 0) return;
        since = last;
      }
    };
    expect(await log.takeNew(many(0, 60))).toEqual(new Set());
    await readOn();
    expect(await log.takeNew(many(40, 120))).toEqual(new Set(many(40, 60).map(({ _id }) => _id)));
    const own = await log.put({ _id: 'lin:comment:own', text: 'mine' });
    await log.takeNew(many(120, 200));
    await readOn();
    await log.take([doc('n300', 1, 'b', { text: 'by another way' })]);
    expect(await log.takeNew(many(200, 320))).toEqual(new Set(['lin:comment:n300']));
    await readOn();
    const told = many(0, 320).map(({ _id, _rev, text }) =>
      _id === 'lin:comment:n300' ? `${_id} ${rev(1, 'b')} by another way` : `${_id} ${_rev} ${String(text)}`
    );
    expect(read.sort()).toEqual([...told, `lin:comment:own ${own} mine`].sort());
  });

  test('[R8] a document that cannot be stored among many new ones does not keep the others out, nor is it told', async () => {
    const log = open();
    const many = Array.from({ length: 60 }, (_, index) => doc(`n${index}`, 1, 'a'));
    await log.takeNew([...many, { ...doc('bad', 1, 'b'), _strange: 1 }]);
    const { changes } = await log.changes(0, 500);
    expect(changes.map(({ id }) => id).sort()).toEqual(many.map(({ _id }) => _id).sort());
  });
}

import { expect, test } from 'vitest';
import type { Log, Stored } from '../log.ts';

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
}

import { expect, it } from 'vitest';
import { circle, describeGate, mine, said } from './testing/circle-gate.ts';
import type { Answer } from './testing/start-gate.ts';

describeGate(4, ({ as, write }) => {
  it('says 413 to a request above 8 MB after it was read, and to too many documents', async () => {
    const raw = JSON.stringify({ docs: [{ ...mine, text: 'x'.repeat(10_000_000) }] });
    expect(said(await as('lin', 'POST', `${circle}/_bulk_docs`, { raw }))).toEqual([413, 'too_large']);
    const many = { docs: Array.from({ length: 100_000 }, () => ({ _id: 'x' })) };
    expect((await as('lin', 'POST', `${circle}/_bulk_docs`, { body: many })).status).toBe(413);
    const ids = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`lin:comment:${index}`, []]));
    expect((await as('lin', 'POST', `${circle}/_revs_diff`, { body: ids })).status).toBe(413);
    const keys = Array.from({ length: 1_000_000 }, () => 'lin');
    expect((await as('lin', 'POST', `${circle}/_all_docs`, { body: { keys } })).status).toBe(413);
  });

  it('takes a checkpoint of 16 kB and not a byte more', async () => {
    const raw = (bytes: number) => JSON.stringify({ words: 'x'.repeat(bytes - '{"words":""}'.length) });
    const put = (bytes: number) => as('lin', 'PUT', `${circle}/_local/large-${bytes}`, { raw: raw(bytes) });
    expect((await put(16_384)).status).toBe(201);
    expect(said(await put(16_385))).toEqual([413, 'too_large']);
  });

  it('takes 100 documents of 32 kB in one request', async () => {
    const docs = Array.from({ length: 100 }, (_, index) => ({
      ...mine,
      _id: `lin:comment:large-${index}`,
      text: 'x'.repeat(32_000)
    }));
    const { status, body } = await write('lin', docs);
    expect([status, body.filter((row) => (row as Answer['body'])['ok']).length]).toEqual([201, 100]);
  });

  it('[R10] lets a document have ten branches, joined ones not counted, and no eleventh', async () => {
    const branch = (hash: string, ...before: string[]) => ({
      ...mine,
      _id: 'lin:comment:tree',
      _revisions: { start: 1 + before.length, ids: [hash, ...before] }
    });
    const refused = async (...docs: object[]) => (await write('lin', docs, false)).body.length;
    for (let index = 0; index < 9; index += 1) expect(await refused(branch(`root${index}`))).toBe(0);
    expect(await refused(branch('root9'), branch('root10'), branch('root11'))).toBe(2);
    expect(await refused(branch('root12'))).toBe(1);
    expect(await refused(branch('next', 'root3'), branch('after', 'next', 'root3'))).toBe(0);
    expect(
      await refused({ _id: 'lin:comment:tree', _deleted: true, _revisions: { start: 2, ids: ['gone', 'root4'] } })
    ).toBe(0);
    expect(await refused(branch('root13'))).toBe(1);
  });
});

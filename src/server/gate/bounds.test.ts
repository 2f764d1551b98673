import { expect, it } from 'vitest';
import { circle, describeGate, mine, said } from './testing/circle-gate.ts';
import type { Answer } from './testing/start-gate.ts';

describeGate(6, ({ as, write }) => {
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

  const branch = (of: string, hash: string, ...before: string[]) => ({
    ...mine,
    _id: `lin:comment:${of}`,
    _revisions: { start: 1 + before.length, ids: [hash, ...before] }
  });
  const end = (of: string, hash: string, ...before: string[]) => ({
    _id: `lin:comment:${of}`,
    _deleted: true,
    _revisions: { start: 1 + before.length, ids: [hash, ...before] }
  });
  const refused = async (...docs: object[]) => (await write('lin', docs, false)).body.length;

  it('[R10] lets a document have ten open branches, joined and ended ones not counted, and no eleventh', async () => {
    for (let index = 0; index < 9; index += 1) expect(await refused(branch('tree', `root${index}`))).toBe(0);
    expect(await refused(branch('tree', 'root9'), branch('tree', 'root10'), branch('tree', 'root11'))).toBe(2);
    expect(await refused(branch('tree', 'root12'))).toBe(1);
    expect(await refused(branch('tree', 'next', 'root3'), branch('tree', 'after', 'next', 'root3'))).toBe(0);
    expect(await refused(end('tree', 'gone', 'root4'))).toBe(0);
    expect(await refused(branch('tree', 'root13'))).toBe(0);
    expect(await refused(branch('tree', 'root14'))).toBe(1);
  });

  it('[R10] takes merges for as long as there are conflicts, and fifty leaves in all', async () => {
    await write('lin', [branch('life', 'outcome0', 'first')], false);
    let before = ['outcome0', 'first'];
    const conflict = async (index: number) => {
      const other = `other${index}`;
      const first = await refused(branch('life', other, ...before.slice(1)));
      before = [`outcome${index}`, ...before];
      return (
        first +
        (await refused(branch('life', ...(before as [string])), end('life', `end${index}`, other, ...before.slice(2))))
      );
    };
    for (let index = 1; index <= 45; index += 1) expect(await conflict(index)).toBe(0);
    const more = [];
    for (let index = 46; index <= 70; index += 1) more.push(await conflict(index));
    expect(Math.max(...more)).toBeGreaterThan(0);
  });

  it('[R10] takes a merge as a whole or not at all, so that no record goes for want of room', async () => {
    for (let index = 0; index < 10; index += 1) expect(await refused(branch('whole', `root${index}`))).toBe(0);
    const outcome = branch('whole', 'outcome', 'unknown');
    const ends = Array.from({ length: 9 }, (_, index) => end('whole', `end${index}`, `root${index}`));
    expect(await refused(outcome, ...ends)).toBe(10);
    expect((await as('lin', 'GET', `${circle}/lin:comment:whole`)).status).toBe(200);
  });
});

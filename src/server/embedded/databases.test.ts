import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabases, type Databases } from './databases.ts';
import { bulkDocs } from './writes.ts';

describe('databases', () => {
  let directory: string;
  let databases: Databases;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'jujube-databases-'));
    databases = await openDatabases(directory, 2);
  });
  afterEach(async () => {
    await databases.close();
    await rm(directory, { recursive: true });
  });

  const write = (name: string, id: string) =>
    databases.use(name, (open) => bulkDocs(databases, open, [{ _id: id }], true));
  const count = (name: string) => databases.use(name, async ({ pouch }) => (await pouch.info()).doc_count);

  it('the longest unused are closed and open again with what was in them', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `circle-${index}`);
    for (const name of names) await databases.create(name);
    await Promise.all(names.map((name) => write(name, 'doc')));
    expect(await Promise.all(names.map(count))).toEqual(names.map(() => 1));
  });

  it('one that was removed while somebody read it is gone once they are done', async () => {
    await databases.create('circle');
    let done = () => {};
    const reading = databases.use('circle', () => new Promise<void>((resolve) => (done = resolve)));
    const removed = databases.remove('circle');
    expect(await databases.use('circle', async () => true)).toBeNull();
    done();
    await reading;
    expect(await removed).toBe(true);
    expect(await databases.create('circle')).toBe(true);
    expect(await count('circle')).toBe(0);
  });

  it('a sequence of a removed database starts its namesake from the beginning', async () => {
    await databases.create('circle');
    const before = await databases.use('circle', async ({ instance }) => instance);
    await databases.remove('circle');
    await databases.create('circle');
    expect(await databases.use('circle', async ({ instance }) => instance)).not.toBe(before);
  });

  it('compaction leaves every winning revision readable', async () => {
    await databases.create('circle');
    await write('circle', 'doc');
    await databases.compactAll();
    expect(await databases.use('circle', ({ pouch }) => pouch.get('doc'))).toMatchObject({ _id: 'doc' });
  });

  it('updates name each changed database once, and all of them to whoever comes from before this start', async () => {
    await databases.create('a');
    await databases.create('b');
    const since = databases.updates.last;
    await write('b', 'x');
    await write('a', 'x');
    await write('a', 'y');
    expect(databases.updates.after(since)?.map(({ db_name }) => db_name)).toEqual(['b', 'a']);
    expect(databases.updates.after('99-ffffffffffff')?.map(({ db_name }) => db_name)).toEqual(['b', 'a']);
    expect(databases.updates.after('nonsense')).toBeNull();
  });
});

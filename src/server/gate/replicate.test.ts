import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PouchDB from 'pouchdb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindSamples } from '#domain/testing/kind-samples.ts';
import { startGate, type TestGate } from './testing/start-gate.ts';

const mine = kindSamples('lin').comment;
let gate: TestGate;
let directory: string;

beforeAll(async () => {
  gate = await startGate();
  directory = await mkdtemp(join(tmpdir(), 'jujube-replicate-'));
  await gate.store.couch.ensure('c-c302');
  for (const person of ['lin', 'mei']) gate.join('c302', person);
});
afterAll(async () => {
  await gate.stop();
  await rm(directory, { recursive: true });
});

/** The circle as a third party's PouchDB sees it: an address and a cookie. */
const remote = (person: string) =>
  new PouchDB(`${gate.url}/db/c302`, {
    fetch: (url, options) => {
      const headers = new Headers(options?.headers);
      headers.set('cookie', `jujube_session=${person}`);
      return PouchDB.fetch(url, { ...options, headers });
    }
  });
const local = (name: string) => new PouchDB(join(directory, name));
const comment = (key: string, fields = {}) => ({ ...mine, _id: `lin:comment:${key}`, ...fields });

it('a stock PouchDB replicates both ways, and a second time has nothing to do', async () => {
  const lins = local('lin-both');
  await lins.bulkDocs(Array.from({ length: 150 }, (_, index) => comment(`both-${index}`)));
  const there = await lins.replicate.to(remote('lin'));
  expect([there.docs_written, there.doc_write_failures]).toEqual([150, 0]);
  const meis = local('mei-both');
  expect((await meis.replicate.from(remote('mei'))).docs_written).toBe(150);
  expect((await lins.replicate.to(remote('lin'))).docs_read).toBe(0);
  expect((await meis.replicate.from(remote('mei'))).docs_read).toBe(0);
  expect((await meis.get('lin:comment:both-7'))._rev).toBe((await lins.get('lin:comment:both-7'))._rev);
});

it('one refused document among 100 neither blocks nor repeats', async () => {
  const lins = local('lin-refused');
  const foreign = { ...kindSamples('mei').comment, _id: 'mei:comment:stolen' };
  await lins.bulkDocs([
    ...Array.from({ length: 60 }, (_, index) => comment(`refused-a${index}`)),
    foreign,
    ...Array.from({ length: 39 }, (_, index) => comment(`refused-b${index}`))
  ]);
  const denied: unknown[] = [];
  const first = await lins.replicate.to(remote('lin')).on('denied', (error) => denied.push(error));
  expect([first.docs_written, first.doc_write_failures, denied.length]).toEqual([99, 1, 1]);
  const second = await lins.replicate.to(remote('lin'));
  expect([second.docs_read, second.doc_write_failures]).toEqual([0, 0]);
});

it('a database with a design document of its own syncs all the same', async () => {
  const foreign = local('foreign');
  await foreign.bulkDocs([{ _id: '_design/app', views: {} }, comment('beside-design')] as object[]);
  const result = await foreign.sync(remote('lin'));
  expect(result.push?.ok).toBe(true);
  expect(await gate.store.couch.database('c-c302').get('lin:comment:beside-design')).toMatchObject({ text: mine.text });
});

it('edits and deletions arrive, and a conflict of two devices is the same on both', async () => {
  const [phone, laptop] = [local('phone'), local('laptop')];
  await phone.put(comment('edit'));
  await phone.sync(remote('lin'));
  await laptop.sync(remote('lin'));
  for (const [device, text] of [
    [phone, 'from the phone'],
    [laptop, 'from the laptop']
  ] as const) {
    await device.put({ ...(await device.get('lin:comment:edit')), text } as object);
  }
  for (const device of [phone, laptop, phone]) await device.sync(remote('lin'));
  const [one, other] = [
    await phone.get('lin:comment:edit', { conflicts: true }),
    await laptop.get('lin:comment:edit', { conflicts: true })
  ];
  expect(one).toEqual(other);
  expect(one._conflicts).toHaveLength(1);
  await phone.remove(one._id, one._conflicts![0]!);
  await phone.remove(await phone.get(one._id));
  for (const device of [phone, laptop]) await device.sync(remote('lin'));
  await expect(laptop.get('lin:comment:edit')).rejects.toMatchObject({ status: 404, reason: 'deleted' });
});

it('live with retry, it hears of what others write', async () => {
  const meis = local('mei-live');
  const live = meis.replicate.from(remote('mei'), { live: true, retry: true });
  const arrived = new Promise<string>((resolve) => {
    live.on('change', ({ docs }) => docs.forEach(({ _id }) => _id === 'lin:comment:live' && resolve(_id)));
  });
  await new Promise<void>((resolve) => live.on('paused', () => resolve()));
  await gate.as('lin', 'POST', '/db/c302/_bulk_docs', { body: { docs: [comment('live')] } });
  expect(await arrived).toBe('lin:comment:live');
  const over = new Promise((resolve) => live.on('complete', resolve));
  live.cancel();
  await over;
});

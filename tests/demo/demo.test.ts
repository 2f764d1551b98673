import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Allotment } from '#domain/allotment/allotment.ts';
import type { AnyRecord } from '#domain/kinds.ts';
import type { Photo } from '#domain/photo/photo.ts';
import { node, root } from '../../scripts/ground.js';
import { Neighbour } from '../neighbour.ts';

type Told = {
  url: string;
  people: { login: string; password: string; id: string; name: string }[];
  circles: Record<'302' | '303' | 'hangzhou', string>;
};

const largestPictures = 3 * 1024 * 1024;

let temporary: string;
let demo: ChildProcess;
let said: string[];
let told: Told;
let zhou: Neighbour;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'jujube-demo-'));
  demo = spawn(node, [join(root, 'tests', 'demo', 'demo.ts'), '--json'], {
    env: { ...process.env, PORT: '', TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit']
  });
  said = [];
  const lines = createInterface({ input: demo.stdout! });
  lines.on('line', (line) => said.push(line));
  await Promise.race([once(lines, 'line'), once(demo, 'exit')]);
  told = JSON.parse(said[0] ?? 'null') as Told;
  zhou = await enter('zhou');
}, 120_000);
afterAll(async () => {
  demo.kill('SIGTERM');
  await rm(temporary, { recursive: true, force: true });
});

async function enter(login: string): Promise<Neighbour> {
  const { name, password } = told.people.find((person) => person.login === login)!;
  const person = new Neighbour(told.url, login, name, password);
  await person.signIn();
  return person;
}

async function recordsIn(circle: string, reader = zhou): Promise<AnyRecord[]> {
  const path = `/db/${circle}/_all_docs?include_docs=true`;
  return (await reader.call<{ rows: { doc: AnyRecord }[] }>('GET', path)).rows.map(({ doc }) => doc);
}

it('tells who can sign in, and where, in one line', async () => {
  expect(Object.keys(told.circles)).toEqual(['302', '303', 'hangzhou']);
  const names = told.people.map(({ name }) => name);
  for (const one of ['Zhou', 'Lin', 'Mei', 'Fang', 'Hao', 'Xiaoyu', 'Granny Wang', '302-07'])
    expect(names).toContain(one);
  for (const { login, id } of told.people) expect((await enter(login)).id).toBe(id);
  const fang = await enter('fang');
  const { circles } = await fang.call<{ circles: object[] }>('GET', '/api/me');
  expect(circles).toContainEqual(
    expect.objectContaining({ id: told.circles.hangzhou, circleKind: 'chapter', role: 'steward' })
  );
});

it('has sixty things on its shelves, with pictures of less than 3 MB', async () => {
  const records = [...(await recordsIn(told.circles['302'])), ...(await recordsIn(told.circles['303']))];
  const listings = records.filter(({ kind }) => kind === 'listing');
  expect(listings.length).toBeGreaterThanOrEqual(60);
  const photos = records.filter(({ kind }) => kind === 'photo') as unknown as Photo[];
  expect(photos.length).toBeGreaterThanOrEqual(60);
  expect(photos.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(largestPictures);
  const [, , hash] = photos[0]!._id.split(':');
  const picture = await fetch(`${told.url}/api/circles/${told.circles['302']}/photos/${hash}`, {
    headers: { cookie: zhou.cookie }
  });
  expect([picture.status, (await picture.arrayBuffer()).byteLength]).toEqual([200, photos[0]!.bytes]);
});

it('has a claim in every state that there is, and some that are done with', async () => {
  const records = [...(await recordsIn(told.circles['302'])), ...(await recordsIn(told.circles['303']))];
  const places = records
    .filter(({ kind }) => kind === 'allotment')
    .flatMap((record) => (record as unknown as Allotment).places);
  expect(new Set(places.map(({ state }) => state))).toEqual(new Set(['given', 'waiting', 'to-confirm', 'refused']));
  const rules = new Set(places.map(({ why }) => why.rule));
  expect(rules).toEqual(new Set(['first-come', 'giver-picks']));
  expect(records.some(({ kind, ...rest }) => kind === 'claim' && 'receivedAt' in rest && 'paid' in rest)).toBe(true);
});

it('keeps nothing when it is stopped', async () => {
  expect(await readdir(temporary)).not.toEqual([]);
  const ended = once(demo, 'exit');
  demo.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(await readdir(temporary)).toEqual([]);
  expect(said).toHaveLength(1);
});

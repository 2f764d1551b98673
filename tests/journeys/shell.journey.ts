import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/ground.js';
import { expect, test } from './journey.ts';

const client = join(root, 'build', 'client');

const scripts = readdirSync(join(client, '_app', 'immutable'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.js'))
  .map((name) => `/_app/immutable/${name}`);
const workers = scripts.filter((path) => path.includes('/workers/'));

test('everything that the app may ever load is kept for going without a network', async ({
  neighbourhood,
  phoneOf,
  goOffline
}) => {
  const phone = await phoneOf((await neighbourhood()).steward);
  await goOffline(phone);
  const missing = await phone.page.evaluate(async (paths) => {
    const answers = await Promise.all(
      paths.map((path) =>
        fetch(path).then(
          ({ ok }) => ok,
          () => false
        )
      )
    );
    return paths.filter((_, index) => !answers[index]);
  }, scripts);
  expect(missing).toEqual([]);
  expect(workers.length).toBeGreaterThan(0);
});

test('no worker loads anything later, which offline it could not', () => {
  for (const path of workers) expect(readFileSync(join(client, path), 'utf8'), path).not.toMatch(/\bimport\s*\(/);
});

test('the app is installable: manifest, icons, scope', async ({ hub, phoneOf }) => {
  const { page } = await phoneOf(null);
  await page.goto('/');
  const manifest = await (await page.request.get('/manifest.webmanifest')).json();
  expect(manifest).toMatchObject({ id: '/', scope: '/', start_url: '/', display: 'standalone' });
  for (const { src, type } of [...manifest.icons, ...(manifest.screenshots ?? [])]) {
    const answer = await page.request.get(hub.url + src);
    expect(answer.headers()['content-type'], src).toContain(type);
  }
});

test('a shelf that is opened asks for no file of a screen that the shell has not asked for already', async ({
  neighbourhood,
  phoneOf
}) => {
  const circle = await neighbourhood();
  const { page, open } = await phoneOf(circle.steward);
  await open(`/c/${circle.id}`);
  const screens = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => path.includes('/nodes/'))
  );
  const shell = await (await page.request.get('/')).text();
  expect(screens.length).toBeGreaterThan(2);
  expect(screens.filter((path) => !shell.includes(`href="${path}" rel="modulepreload"`))).toEqual([]);
});

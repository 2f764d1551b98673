import type { Page } from '@playwright/test';
import { makeListing } from '#domain/listing/listing.ts';
import { root } from '../../scripts/ground.js';
import { sync } from '../journeys/acts.ts';
import { expect } from '../journeys/journey.ts';
import { writeAll } from '../journeys/write-all.ts';
import { makeFine, test as overBadLine } from './bad-line.ts';
import { expectSound } from './invariants.ts';
import { previousBuild } from './previous-build.ts';

const test = overBadLine.extend<object, { before: string }>({
  before: [async ({}, use) => use(await previousBuild()), { scope: 'worker', timeout: 600_000 }],
  version: async ({ before }, use) => use(before)
});

/** The one page of every path as this phone's service worker has it. */
const shellOf = (page: Page) => page.evaluate(async () => (await fetch('/')).text());

const toast = (page: Page) => page.getByText('A new version is ready.');

test('a phone with the version before and 200 unsent posts goes over when tapped, never during an edit, and all arrive once', async ({
  before,
  hub,
  line,
  neighbourhood,
  phoneOf
}) => {
  expect(before).not.toBe(root);
  const circle = await neighbourhood('lin', 'mei');
  const [lin, mei] = [circle.one('lin'), circle.one('mei')];
  const phone = await phoneOf(lin);
  const { page } = phone;
  const oldShell = await shellOf(page);

  // The hub goes over while this phone can reach nothing but files; so the posts wait for the new version to send them.
  line.fate = ({ path }) => (path.startsWith('/db/') ? 'request lost' : 'arrives');
  const posts = Array.from({ length: 200 }, (_, number) =>
    makeListing({ title: `Thing ${number}` }, { author: lin.id, key: `post-${number}`, now: new Date().toISOString() })
  );
  await phone.open(`/c/${circle.id}`);
  await writeAll(page, circle.id, posts, { version: before });
  await expect(sync(page)).toHaveAttribute('data-waiting', '200', { timeout: 30_000 });
  await hub.stop();
  await hub.start(root);

  await page.getByRole('link', { name: 'Post', exact: true }).click();
  await page.getByLabel('What is it').fill('Typed while the new version came');
  await page.evaluate(async () => {
    (window as { stays?: boolean }).stays = true;
    await (await navigator.serviceWorker.getRegistration())!.update();
  });
  const isWaiting = () =>
    page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())!.waiting));
  await expect.poll(isWaiting, { timeout: 30_000 }).toBe(true);
  await expect(page.getByLabel('What is it')).toHaveValue('Typed while the new version came');
  await expect(toast(page)).toHaveCount(0);
  expect(await page.evaluate(() => (window as { stays?: boolean }).stays)).toBe(true);
  expect(await shellOf(page)).toBe(oldShell);

  // In the middle of an edit a person may reload, or the phone may: the old version, and what was typed.
  await phone.open(`/c/${circle.id}/post`);
  await expect(page.getByLabel('What is it')).toHaveValue('Typed while the new version came');
  await expect(toast(page)).toHaveCount(0);
  await phone.open(`/c/${circle.id}`);
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => shellOf(page).catch(() => oldShell), { timeout: 30_000 }).not.toBe(oldShell);
  await expect(page.locator('html[data-ready]')).toBeAttached();
  await expect(sync(page)).toHaveAttribute('data-waiting', '200', { timeout: 30_000 });

  makeFine(line);
  await expect(sync(page)).toHaveAttribute('data-sync', 'saved', { timeout: 90_000 });
  await phone.open(`/c/${circle.id}/post`);
  await expect(page.getByLabel('What is it')).toHaveValue('Typed while the new version came');
  const other = await phoneOf(mei);
  await other.open(`/c/${circle.id}`);
  await expectSound(
    circle,
    [
      [lin, phone],
      [mei, other]
    ],
    { written: posts.map(({ _id }) => _id) }
  );
});

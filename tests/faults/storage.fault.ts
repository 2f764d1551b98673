import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { listingId, makeListing } from '#domain/listing/listing.ts';
import { chip, item, itemPath, onShelf, publish } from '../journeys/acts.ts';
import { expect, saved, test, type Phone } from '../journeys/journey.ts';
import { expectSound } from './invariants.ts';
import { onDevice } from './on-device.ts';

/** A photograph that no encoder makes small. */
const heavyPicture = () =>
  sharp(randomBytes(900 * 900 * 3), { raw: { width: 900, height: 900, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer();

const usedBytes = (page: Page) => page.evaluate(async () => (await navigator.storage.estimate()).usage!);

/** The browser's real bound on what this origin may keep; null lifts it. */
async function limitStorage({ page, context }: Phone, origin: string, quotaSize: number | null): Promise<void> {
  const cdp = await context.newCDPSession(page);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize !== null && { quotaSize }) });
}

/** Types a long post and taps Publish; whether it was kept. */
async function tryToPost(phone: Phone, circle: string, title: string): Promise<boolean> {
  const { page } = phone;
  await phone.open(`/c/${circle}/post`);
  await page.getByLabel('What is it').fill(`${title}\n${'枣'.repeat(9_000)}`);
  await chip(page, 'Free');
  await page.getByRole('button', { name: 'Publish' }).click();
  const problem = page.getByRole('alert');
  await expect(item(page).or(problem).first()).toBeVisible();
  return (await problem.count()) === 0;
}

/** What the file holds that "Save what is not sent as a file" gives. */
async function exported(phone: Phone): Promise<string> {
  await phone.open('/me/sync');
  const download = phone.page.waitForEvent('download');
  await phone.page.getByRole('button', { name: 'Save what is not sent as a file' }).click();
  return readFile(await (await download).path(), 'utf8');
}

const picturesKept = async ({ page }: Phone) => (await onDevice(page)).store['pictures']!.length;

test('a full phone lets pictures go, keeps words, says so, and saves what is unsent as a file', async ({
  hub,
  neighbourhood,
  phoneOf,
  goOnline
}) => {
  const circle = await neighbourhood('lin', 'mei');
  const [lin, mei] = [circle.one('lin'), circle.one('mei')];
  const photos = [await lin.showPicture(circle.id, await heavyPicture())];
  const at = { author: lin.id, now: new Date().toISOString(), key: 'view' };
  await lin.save(circle.id, makeListing({ title: 'A view', photos }, at));
  const phone = await phoneOf(mei);
  const before = await usedBytes(phone.page);
  await phone.open(itemPath(circle.id, listingId(lin.id, 'view')));
  await expect.poll(() => usedBytes(phone.page)).toBeGreaterThan(before + 500_000);
  const used = await usedBytes(phone.page);

  // A browser looks at its bound now and then only: a fresh one has looked at no other.
  await phone.restart();
  await limitStorage(phone, hub.url, used + 150_000);
  await phone.context.setOffline(true);
  // Three bytes a character: a few such posts are more than there is left without the picture.
  const kept: string[] = [];
  do {
    expect(kept.length, 'the picture goes before long').toBeLessThan(12);
    expect(await tryToPost(phone, circle.id, `Kept ${kept.length}`), `post ${kept.length} is kept`).toBe(true);
    kept.push(`Kept ${kept.length}`);
  } while ((await picturesKept(phone)) > 0);
  await phone.page.getByRole('link', { name: 'Back' }).click();
  await expect(phone.page.getByText('This device is full.', { exact: false })).toBeVisible();

  // With nothing left to let go the words stay in the form, and the form says why.
  while (await tryToPost(phone, circle.id, `Then ${kept.length}`)) {
    kept.push(`Then ${kept.length}`);
    expect(kept.length, 'the phone is full before long').toBeLessThan(25);
  }
  const unkept = `Then ${kept.length}`;
  await expect(phone.page.getByRole('alert')).toContainText('This device is full');
  await expect(phone.page.getByLabel('What is it')).toHaveValue(new RegExp(`^${unkept}`));
  await phone.open(`/c/${circle.id}/post`);
  await expect(phone.page.getByLabel('What is it')).toHaveValue(new RegExp(`^${unkept}`));
  const file = await exported(phone);
  for (const title of [...kept, unkept]) expect(file).toContain(title);

  await limitStorage(phone, hub.url, null);
  await goOnline(phone);
  await phone.open(`/c/${circle.id}`);
  await saved(phone.page);
  const other = await phoneOf(lin);
  await other.open(`/c/${circle.id}`);
  for (const title of kept) await expect(onShelf(other.page, title)).toHaveCount(1);
  await expectSound(circle, [
    [mei, phone],
    [lin, other]
  ]);
});

test('a phone whose stores the browser cleared under the app keeps what is typed next, and fetches all again', async ({
  hub,
  atHome
}) => {
  const { circle, people, phones } = await atHome('lin', 'mei');
  const [lin, mei] = people;
  const [phone, other] = phones;
  const { page, context } = phone;
  await phone.open(`/c/${circle.id}/post`);
  const before = await publish(page, 'Lamp', 40);
  await saved(page);
  await phone.open(`/c/${circle.id}/post`);
  await page.getByLabel('What is it').fill('Typed just before');
  const cdp = await context.newCDPSession(page);
  await cdp.send('Storage.clearDataForOrigin', { origin: hub.url, storageTypes: 'indexeddb' });
  const after = await publish(page, 'Typed just before', 'free');
  await saved(page);
  await phone.open(`/c/${circle.id}`);
  for (const title of ['Lamp', 'Typed just before']) await expect(onShelf(page, title)).toBeVisible();
  await expectSound(
    circle,
    [
      [lin, phone],
      [mei, other]
    ],
    { written: [before, after] }
  );
});

test('a browser that cannot open a database says so, and the words typed are there, after a reload and as a file', async ({
  neighbourhood,
  phoneOf
}) => {
  const circle = await neighbourhood('lin');
  const person = circle.one('lin');
  // Without the service worker the app's own worker can be given a broken IndexedDB.
  const phone = await phoneOf(null, { serviceWorkers: 'block' });
  const { page, context } = phone;
  await context.route('**/workers/worker-*.js', async (route) => {
    const script = await (await route.fetch()).text();
    const broken = `indexedDB.open = () => { throw new DOMException('Internal error opening backing store', 'UnknownError'); };`;
    await route.fulfill({ contentType: 'text/javascript', body: broken + script });
  });
  await context.request.post('/api/session', { data: { login: person.login, password: person.password } });
  await phone.open(`/c/${circle.id}`);
  await expect(page.getByText('This device cannot keep data right now', { exact: false })).toBeVisible();
  await phone.open(`/c/${circle.id}/post`);
  await page.getByLabel('What is it').fill('Nowhere to go');
  await chip(page, 'Free');
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByRole('alert')).toContainText('cannot store anything right now');
  await expect(page.getByLabel('What is it')).toHaveValue('Nowhere to go');
  await phone.open(`/c/${circle.id}/post`);
  await expect(page.getByLabel('What is it')).toHaveValue('Nowhere to go');
  expect(await exported(phone)).toContain('Nowhere to go');
});

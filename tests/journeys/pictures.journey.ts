import type { Locator } from '@playwright/test';
import { item, itemPath, onShelf, publish, sync, trousersPicture } from './acts.ts';
import { expect, saved, test } from './journey.ts';

const title = 'Trousers, size S';
const naturalWidth = (picture: Locator) => picture.evaluate((image: HTMLImageElement) => image.naturalWidth);

test('a picture posted offline is seen on the other phone, small and large, and offline the small one is still there', async ({
  atHome,
  goOffline,
  goOnline
}) => {
  const { circle, phones } = await atHome('lin', 'mei');
  const [lin, mei] = phones;
  const onCard = () => mei.page.getByRole('list', { name: 'Shelf' }).locator('img');
  const onItem = () => item(mei.page).locator('img').first();

  await goOffline(lin);
  await lin.open(`/c/${circle.id}/post`);
  await lin.page.getByLabel('Photos').setInputFiles(await trousersPicture());
  const id = await publish(lin.page, title, 35);
  const width = await naturalWidth(item(lin.page).locator('img').first());
  expect(width).toBeGreaterThan(320);

  // People posted one thing, so one thing waits.
  await lin.open('/me/sync');
  await expect(sync(lin.page)).toHaveAttribute('data-waiting', '1');
  await expect(lin.page.getByRole('listitem')).toHaveText([new RegExp(`${title}.*pictures: 1`)]);

  // The words arrive first; the picture comes in by itself when it is there.
  await mei.open(`/c/${circle.id}`);
  await goOnline(lin);
  await saved(lin.page);
  await expect(onShelf(mei.page, title)).toBeVisible();
  await expect.poll(() => naturalWidth(onCard())).toBe(320);

  await goOffline(mei);
  await mei.reopenOffline(itemPath(circle.id, id));
  await expect.poll(() => naturalWidth(onItem())).toBe(320);
  await goOnline(mei);
  await mei.open(itemPath(circle.id, id));
  await expect.poll(() => naturalWidth(onItem())).toBe(width);
});

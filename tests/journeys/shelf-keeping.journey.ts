import { chip, item, onShelf, publish, sync } from './acts.ts';
import { expect, saved, test } from './journey.ts';

test('[S17] adds, edits, duplicates, retires and changes prices in bulk, all of it off', async ({
  neighbourhood,
  phoneOf,
  goOffline,
  goOnline
}) => {
  const circle = await neighbourhood('lin', 'mei');
  const lin = await phoneOf(circle.one('lin'));
  const { page, open } = lin;
  await goOffline(lin);

  for (const [title, price] of [
    ['Lamp', 40],
    ['Chair', 50],
    ['Kettle', 30],
    ['Cushion', 'free']
  ] as const) {
    await open(`/c/${circle.id}/post`);
    await publish(page, title, price);
  }
  await open(`/c/${circle.id}`);
  await onShelf(page, 'Kettle').click();
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await page.getByLabel('What is it').fill('Kettle, 1.5 l\nDescaled last week.');
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kettle, 1.5 l');

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: /again/i }).first().click();
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kettle, 1.5 l');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: /Take off the shelf/ }).click();
  await expect(item(page)).toHaveAttribute('data-state', 'gone');

  await open(`/c/${circle.id}`);
  await chip(page, 'Mine');
  await page.getByRole('button', { name: 'Select' }).click();
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await page.getByRole('button', { name: 'Change price' }).click();
  // A cut leaves what is free out; one price for all takes it in.
  await chip(page, '−50 %');
  await expect(page.getByRole('button', { name: 'Change 3' })).toBeEnabled();
  await page.getByLabel(/One price for all/).fill('20');
  await page.getByRole('button', { name: 'Change 4' }).click();
  await expect(sync(page)).toHaveAttribute('data-sync', 'offline');

  await goOnline(lin);
  await saved(page);
  const mei = await phoneOf(circle.one('mei'));
  for (const title of ['Lamp', 'Chair', 'Kettle, 1.5 l']) {
    await mei.open(`/c/${circle.id}`);
    await expect(onShelf(mei.page, title)).toHaveCount(1);
    await onShelf(mei.page, title).click();
    await expect(item(mei.page)).toContainText('¥20');
  }
});

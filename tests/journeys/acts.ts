import type { Page } from '@playwright/test';
import { takePicture } from '../demo/still-life.ts';
import { expect } from './journey.ts';

/** What anybody does with a thumb, in English; names are those that surface.md promises. */

export const itemPath = (circle: string, id: string) => `/c/${circle}/listing/${encodeURIComponent(id)}`;

/** The one link to an item on the shelf. */
export const onShelf = (page: Page, title: string) =>
  page.getByRole('list', { name: 'Shelf' }).getByRole('link', { name: title, exact: true });

/** What the item's screen says of it: data-state, data-mine, data-place, data-id. */
export const item = (page: Page) => page.locator('main[data-kind="listing"]');

export const sync = (page: Page) => page.getByRole('status', { name: 'Sync' });

/** A picture as an album holds it. */
export const trousersPicture = async () => ({
  name: 'trousers.jpg',
  mimeType: 'image/jpeg',
  buffer: await takePicture({ motif: 'trousers', colours: ['#5b7c99', '#466580', '#33475a'], light: 1, view: 0 })
});

/** Fills in the form that is open and publishes; the new item's id. */
export async function publish(
  page: Page,
  words: string,
  price: number | 'free',
  chips: string[] = []
): Promise<string> {
  await page.getByLabel('What is it').fill(words);
  if (price === 'free') await chip(page, 'Free');
  else await page.getByLabel('Price', { exact: true }).fill(String(price));
  for (const name of chips) await chip(page, name);
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(item(page)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.split('\n')[0]!);
  return (await item(page).getAttribute('data-id'))!;
}

export const chip = (page: Page, name: string) =>
  page
    .locator('label')
    .filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) })
    .click();

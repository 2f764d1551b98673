import { sync } from './acts.ts';
import { expect, saved, test } from './journey.ts';

test('the sync line says at once that the network is gone, and no error is raised', async ({
  neighbourhood,
  phoneOf
}) => {
  const circle = await neighbourhood('lin');
  const { page, context, open } = await phoneOf(circle.one('lin'));
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await open(`/c/${circle.id}`);
  await saved(page);
  await context.setOffline(true);
  await expect(sync(page)).toHaveAttribute('data-sync', 'offline', { timeout: 1_000 });
  for (const path of ['/mine', `/c/${circle.id}/people`, `/c/${circle.id}`]) await open(path);
  for (const name of ['Mine', 'Circle', 'Shelf']) await page.getByRole('link', { name, exact: true }).click();
  await context.setOffline(false);
  await expect(sync(page)).toHaveAttribute('data-sync', 'saved', { timeout: 3_000 });
  expect(errors).toEqual([]);
});

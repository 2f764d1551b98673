import { onShelf, publish } from './acts.ts';
import { expect, saved, test } from './journey.ts';

test('[S16] joins by invite on a fresh phone and publishes within two minutes', async ({
  hub,
  neighbourhood,
  phoneOf
}) => {
  const circle = await neighbourhood('lin');
  const token = await circle.steward.invite(circle.id, 1);
  const from = Date.now();
  const { page, open } = await phoneOf(null);

  await open(`/join/${token}`);
  await expect(page.getByText('302').first()).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('Xiaoyu');
  await page.getByLabel('Login').fill('xiaoyu');
  await page.getByLabel('Password').fill('a long enough one');
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page).toHaveURL(`${hub.url}/c/${circle.id}`);
  await page.getByRole('link', { name: 'Post', exact: true }).click();
  await publish(page, 'Summer dress', 60);
  await saved(page);
  expect(Date.now() - from).toBeLessThan(120_000);

  const lin = await phoneOf(circle.one('lin'));
  await lin.open(`/c/${circle.id}`);
  await expect(onShelf(lin.page, 'Summer dress')).toBeVisible();
});

test('the set-up link makes the first account, and only one', async ({ hub, phoneOf }) => {
  const { page, open } = await phoneOf(null);
  await open(`/setup#${hub.setUpToken}`);
  await page.getByLabel('Name', { exact: true }).fill('Zhou');
  await page.getByLabel('Login').fill('zhou');
  await page.getByLabel('Password').fill('a long enough one');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByLabel('Circle name').fill('302');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page).toHaveURL(/\/c\//);
  await expect(page.getByRole('heading', { name: 'The shelf is still empty' })).toBeVisible({ timeout: 4_000 });

  const again = await phoneOf(null);
  await again.open(`/setup#${hub.setUpToken}`);
  await expect(again.page.getByRole('button', { name: 'Start' })).toHaveCount(0);
});

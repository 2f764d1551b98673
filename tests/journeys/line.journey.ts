import { onShelf, publish, sync } from './acts.ts';
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

test('a phone three days ahead puts its things on the shelf by the hub’s time', async ({ neighbourhood, phoneOf }) => {
  const circle = await neighbourhood('lin', 'mei');
  const person = circle.one('lin');
  // Without the service worker the app's own worker can be handed the wrong clock as well.
  const lin = await phoneOf(null, { serviceWorkers: 'block' });
  const days = 3 * 86_400_000;
  const wrongClock = `{ const now = Date.now; Date.now = () => now() + ${days}; }`;
  await lin.context.addInitScript(wrongClock);
  await lin.context.route('**/workers/worker-*.js', async (route) => {
    const script = await (await route.fetch()).text();
    await route.fulfill({ contentType: 'text/javascript', body: `${wrongClock}${script}` });
  });
  await lin.context.request.post('/api/session', { data: { login: person.login, password: person.password } });
  await lin.open(`/c/${circle.id}`);
  await saved(lin.page);
  expect((await lin.page.evaluate(() => Date.now())) - Date.now()).toBeGreaterThan(days / 2);
  await lin.page.getByRole('link', { name: 'Post', exact: true }).click();
  const id = await publish(lin.page, 'By a wrong clock', 'free');
  await saved(lin.page);

  const mei = await phoneOf(circle.one('mei'));
  await mei.open(`/c/${circle.id}/post`);
  await publish(mei.page, 'A moment later', 'free');
  await mei.open(`/c/${circle.id}`);
  await expect(onShelf(mei.page, 'By a wrong clock')).toBeVisible();
  const titles = await mei.page.getByRole('list', { name: 'Shelf' }).getByRole('link').allTextContents();
  expect(titles.map((title) => title.trim())).toEqual(['A moment later', 'By a wrong clock']);
  const { createdAt } = await circle.steward.read<{ createdAt: string }>(circle.id, id);
  expect(Math.abs(Date.parse(createdAt) - Date.now())).toBeLessThan(days / 2);
});

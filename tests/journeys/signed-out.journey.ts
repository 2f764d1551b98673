import { publish } from './acts.ts';
import { expect, saved, test } from './journey.ts';

test('signed out without a network, nothing is left here and the hub ends the session at the next contact', async ({
  neighbourhood,
  phoneOf
}) => {
  const circle = await neighbourhood('lin');
  const { page, context, open } = await phoneOf(circle.one('lin'));
  await open(`/c/${circle.id}/post`);
  await publish(page, 'Diary, blue', 'free');
  await saved(page);
  await open('/me');
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/sign-in/);
  const left = () =>
    page.evaluate(async () => {
      const stores = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      return JSON.stringify({
        databases: await indexedDB.databases(),
        local: { ...localStorage },
        session: { ...sessionStorage },
        cached: stores.flat().map(({ url }) => url)
      });
    });
  for (const trace of [circle.one('lin').id, circle.id, 'Diary']) await expect.poll(left).not.toContain(trace);
  const session = async () => (await context.request.get('/api/me')).status();
  const marker = () => page.evaluate(() => localStorage.getItem('jujube:end-session'));
  expect(await marker()).not.toBeNull();
  await context.setOffline(false);
  await expect.poll(marker).toBeNull();
  expect(await session()).toBe(401);
});

test('signed out without a network, and the browser killed before it wrote that down: the next start knows nobody, and the session ends', async ({
  neighbourhood,
  phoneOf
}) => {
  const circle = await neighbourhood('lin');
  const phone = await phoneOf(circle.one('lin'));
  await phone.open(`/c/${circle.id}/post`);
  await publish(phone.page, 'Diary, blue', 'free');
  await saved(phone.page);
  await phone.open('/me');
  const before = await phone.page.evaluate(() => ({ ...localStorage }));
  await phone.context.setOffline(true);
  await phone.page.getByRole('button', { name: 'Sign out' }).click();
  await expect(phone.page).toHaveURL(/sign-in/);
  // A browser writes localStorage down some seconds later, its databases at once: this is what it would find.
  await phone.page.evaluate((late) => {
    localStorage.clear();
    for (const [key, value] of Object.entries(late)) localStorage.setItem(key, value);
  }, before);
  await phone.reopenOffline(`/c/${circle.id}`);
  await expect(phone.page).toHaveURL(/sign-in/);
  await expect(phone.page.getByText('Diary, blue')).toHaveCount(0);
  const databases = await phone.page.evaluate(async () => JSON.stringify(await indexedDB.databases()));
  expect(databases).not.toContain(circle.one('lin').id);
  await phone.context.setOffline(false);
  await expect.poll(async () => (await phone.context.request.get('/api/me')).status()).toBe(401);
});

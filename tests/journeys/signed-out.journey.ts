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

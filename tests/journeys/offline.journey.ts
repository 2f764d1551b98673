import { onShelf, itemPath, publish, sync } from './acts.ts';
import { expect, newcomer, offlineReady, saved, test } from './journey.ts';

test('opened offline on a path never visited, the item is there', async ({ neighbourhood, phoneOf, goOffline }) => {
  const circle = await neighbourhood('lin', 'mei');
  const lin = await phoneOf(circle.one('lin'));
  await lin.open(`/c/${circle.id}/post`);
  const id = await publish(lin.page, 'Lamp', 40);
  await saved(lin.page);
  const mei = await phoneOf(circle.one('mei'));
  await mei.open(`/c/${circle.id}`);
  await expect(onShelf(mei.page, 'Lamp')).toBeVisible();

  await goOffline(lin, mei);
  await mei.reopenOffline(itemPath(circle.id, id));
  await expect(mei.page.getByRole('heading', { level: 1 })).toHaveText('Lamp');
  await expect(sync(mei.page)).toHaveAttribute('data-sync', 'offline');
});

test('two tabs of one phone show the same at once', async ({ neighbourhood, phoneOf, goOffline }) => {
  const circle = await neighbourhood('lin');
  const lin = await phoneOf(circle.one('lin'));
  const second = await lin.context.newPage();
  await second.goto(`/c/${circle.id}`);
  await goOffline(lin);
  await lin.open(`/c/${circle.id}/post`);
  await publish(lin.page, 'Umbrella', 'free');
  await expect(onShelf(second, 'Umbrella')).toBeVisible();
});

test('after signing out, the next person at this browser sees nothing of the one before', async ({
  hub,
  neighbourhood,
  phoneOf
}) => {
  const circle = await neighbourhood('lin');
  const phone = await phoneOf(circle.one('lin'));
  const { page } = phone;
  await phone.open(`/c/${circle.id}/post`);
  await publish(page, 'Diary, blue', 'free');
  await saved(page);
  await phone.open('/me');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/sign-in/);
  const left = await page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    session: Object.keys(sessionStorage)
  }));
  expect(JSON.stringify(left)).not.toContain(circle.one('lin').id);
  expect(JSON.stringify(left)).not.toContain(circle.id);

  const fang = newcomer(hub, 'fang');
  const elsewhere = await circle.steward.found({ name: '303', circleKind: 'circle' });
  await fang.signUp({ invite: await circle.steward.invite(elsewhere, 1) });
  await page.getByLabel('Login').fill('fang');
  await page.getByLabel('Password').fill(fang.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(`${hub.url}/c/${elsewhere}`);
  await offlineReady(page);
  await phone.open(`/c/${circle.id}`);
  await expect(page.getByText('Diary, blue')).toHaveCount(0);
});

test('what was typed survives the browser’s crash', async ({ neighbourhood, phoneOf, goOffline }) => {
  const circle = await neighbourhood('lin');
  const lin = await phoneOf(circle.one('lin'));
  await goOffline(lin);
  await lin.open(`/c/${circle.id}/post`);
  await lin.page.getByLabel('What is it').pressSequentially('Guitar with stickers');
  await expect(lin.page.getByLabel('What is it')).toHaveValue('Guitar with stickers');
  await lin.page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
  // What a browser that dies within seconds has not written down yet.
  await lin.page.evaluate(() => localStorage.clear());
  await lin.crash();
  await lin.reopenOffline(`/c/${circle.id}/post`);
  await expect(lin.page.getByLabel('What is it')).toHaveValue('Guitar with stickers');
});

import { readFile } from 'node:fs/promises';
import { onShelf, publish, sync } from '../journeys/acts.ts';
import { expect, test } from '../journeys/journey.ts';
import { onHub } from './invariants.ts';

test('signed out and removed while offline with unsent posts: nothing goes out, and every word can be had as a file', async ({
  hub,
  neighbourhood,
  phoneOf,
  goOffline
}) => {
  const circle = await neighbourhood('lin', 'mei');
  const lin = circle.one('lin');
  const phone = await phoneOf(lin);
  const { page, context } = phone;
  await phone.open(`/c/${circle.id}`);
  // The hub too: a worker that has just begun sends for a moment before the browser knows that it is offline.
  await goOffline(phone);
  const titles = ['Lamp with a green shade', 'Kettle, descaled'];
  for (const title of titles) {
    await phone.open(`/c/${circle.id}/post`);
    await publish(page, `${title}\nFetch it any evening.`, 'free');
  }
  await phone.open(`/c/${circle.id}/post`);
  await page.getByLabel('What is it').fill('Only half typed');

  // From another browser of hers the phone, offline all the time, is signed out.
  await hub.start();
  const sessions = await lin.call<{ id: string; current: boolean }[]>('GET', '/api/sessions');
  for (const { id } of sessions.filter(({ current }) => !current)) await lin.call('DELETE', `/api/sessions/${id}`);
  await circle.steward.call('DELETE', `/api/circles/${circle.id}/members/${lin.id}`);
  await context.setOffline(false);
  await phone.open(`/c/${circle.id}`);
  await expect(sync(page)).toContainText('Sign in again');

  const unsent = async () => {
    await phone.open('/me/sync');
    for (const title of titles) await expect(page.getByText(title, { exact: false }).first()).toBeVisible();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save what is not sent as a file' }).click();
    const file = await readFile(await (await download).path(), 'utf8');
    for (const words of [...titles, 'Fetch it any evening.', 'Only half typed']) expect(file).toContain(words);
  };
  await unsent();

  // Signed in again she learns that she was removed; the circle stays to be read, and her words are still hers.
  await sync(page).getByRole('link').click();
  await page.getByLabel('Login').fill(lin.login);
  await page.getByLabel('Password').fill(lin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).not.toHaveURL(/sign-in/); // a page that is left takes its request with it
  await phone.open(`/c/${circle.id}`);
  await expect(page.getByText('You left this circle', { exact: false })).toBeVisible({ timeout: 20_000 });
  for (const title of titles) await expect(onShelf(page, title)).toBeVisible();
  await unsent();
  const arrived = (await onHub(circle)).filter(({ _id }) => _id.startsWith(`${lin.id}:listing:`));
  expect(arrived).toEqual([]);
});

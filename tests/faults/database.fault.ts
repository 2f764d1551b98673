import { claimId } from '#domain/claim/claim.ts';
import { item, itemPath, onShelf, publish, sync } from '../journeys/acts.ts';
import { expect, newcomer, saved } from '../journeys/journey.ts';
import { expectSound, givenOn } from './invariants.ts';
import { test } from './store-door.ts';

test('the hub’s database goes down: the hub says so, devices carry on and say so, and all is well when it is back', async ({
  hub,
  door,
  phoneOf,
  atHome
}) => {
  const { circle, people, phones } = await atHome('lin', 'mei');
  const [lin, mei] = people;
  const [giver, taker] = phones;
  await giver.open(`/c/${circle.id}/post`);
  const before = await publish(giver.page, 'Lamp', 'free');
  await saved(giver.page);
  await taker.open(itemPath(circle.id, before));
  await expect(item(taker.page)).toBeVisible();

  await door.shut();
  const health = await fetch(`${hub.url}/api/health`);
  expect([health.status, await health.json()]).toMatchObject([503, { status: 'database-down' }]);
  await giver.open(`/c/${circle.id}/post`);
  const during = await publish(giver.page, 'Chair', 'free');
  await expect(sync(giver.page)).toHaveAttribute('data-sync', 'offline');
  await expect(sync(giver.page)).toHaveAttribute('data-waiting', '1');
  await expect(sync(giver.page)).toContainText('Offline · 1 waiting');
  await taker.page.getByRole('button', { name: 'I want it' }).click();
  await expect(item(taker.page)).toHaveAttribute('data-mine', 'unsent');
  // Opened anew meanwhile, everything is there.
  await taker.open(`/c/${circle.id}`);
  await expect(onShelf(taker.page, 'Lamp')).toBeVisible();
  await giver.open('/me/sync');
  await expect(giver.page.getByRole('main')).toContainText('go out when you are back online');
  const stranger = await phoneOf(null);
  await stranger.open('/sign-in');
  const { login, password } = newcomer(hub, 'mei');
  await stranger.page.getByLabel('Login').fill(login);
  await stranger.page.getByLabel('Password').fill(password);
  await stranger.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(stranger.page.getByRole('alert')).toContainText(/try again|later/i);

  await door.open();
  for (const { page } of [giver, taker]) {
    await expect(sync(page)).toHaveAttribute('data-sync', 'saved', { timeout: 90_000 });
  }
  await taker.open(itemPath(circle.id, before));
  await expect(item(taker.page)).toHaveAttribute('data-mine', 'given', { timeout: 20_000 });
  const claim = claimId(mei.id, before as never);
  expect(await givenOn(circle)).toEqual([claim]);
  expect((await fetch(`${hub.url}/api/health`)).status).toBe(200);
  await expectSound(
    circle,
    [
      [lin, giver],
      [mei, taker]
    ],
    { written: [before, during, claim], given: [claim] }
  );
});

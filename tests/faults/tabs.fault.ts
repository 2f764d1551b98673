import { makeListing } from '#domain/listing/listing.ts';
import { onShelf, publish, sync, trousersPicture } from '../journeys/acts.ts';
import { expect, saved, test } from '../journeys/journey.ts';
import { writeAll } from '../journeys/write-all.ts';
import { expectSound } from './invariants.ts';

const postsOf = (author: string, count: number) =>
  Array.from({ length: count }, (_, number) =>
    makeListing({ title: `Thing ${number}` }, { author, key: `post-${number}`, now: new Date().toISOString() })
  );

test(
  'of two tabs the one that replicates is closed with work unsent: the other sends it and goes on hearing',
  {
    tag: '@quick'
  },
  async ({ hub, goOnline, atHome }) => {
    const { circle, people, phones } = await atHome('lin', 'mei');
    const [lin, mei] = people;
    const [phone, other] = phones;
    await phone.open(`/c/${circle.id}/post`);
    const leader = phone.page;
    const follower = await phone.newTab(`/c/${circle.id}`);
    // No hub rather than no network, so that nothing tells the other tab when it is there again.
    await hub.stop();
    const id = await publish(leader, 'Umbrella', 'free');
    await expect(sync(follower)).toHaveAttribute('data-waiting', '1');
    await leader.close();
    await goOnline(phone);
    await saved(follower);
    await other.open(`/c/${circle.id}/post`);
    const heard = await publish(other.page, 'Rain boots', 'free');
    await expect(onShelf(follower, 'Rain boots')).toBeVisible();
    await expectSound(
      circle,
      [
        [lin, phone],
        [mei, other]
      ],
      { written: [id, heard] }
    );
  }
);

test('a tab that crashes in the middle of writing loses nothing that it was told is kept, nor what stood in the form', async ({
  goOffline,
  goOnline,
  atHome
}) => {
  test.setTimeout(120_000);
  const { circle, people, phones } = await atHome('lin', 'mei');
  const [lin, mei] = people;
  const [phone, other] = phones;
  await goOffline(); // the hub alone: a crashed tab does not hear that the network is back
  await phone.open(`/c/${circle.id}/post`);
  await phone.page.getByLabel('What is it').fill('Guitar with stickers');
  await phone.page.getByLabel('Photos').setInputFiles(await trousersPicture());
  await expect(phone.page.locator('main img').first()).toBeVisible();
  const kept: string[] = [];
  const enough = Promise.withResolvers<void>();
  const { page } = phone;
  const writing = writeAll(page, circle.id, postsOf(lin.id, 200), {
    kept(id) {
      if (kept.push(id) === 60) enough.resolve();
    }
  });
  const over = writing.then(
    () => 'all written',
    () => 'cut short'
  );
  await enough.promise;
  const crashed = page.waitForEvent('crash');
  await phone.crashTabs();
  await crashed;
  expect(await over).toBe('cut short');

  const next = await phone.newTab(`/c/${circle.id}/post`);
  await expect(next.getByLabel('What is it')).toHaveValue('Guitar with stickers');
  await expect
    .poll(() =>
      next
        .locator('img')
        .first()
        .evaluate((image: HTMLImageElement) => image.naturalWidth)
    )
    .toBeGreaterThan(0);
  await goOnline();
  await expect(sync(next)).toHaveAttribute('data-sync', 'saved', { timeout: 60_000 });
  expect(kept.length).toBeGreaterThanOrEqual(60);
  await expectSound(
    circle,
    [
      [lin, phone],
      [mei, other]
    ],
    { written: kept }
  );
});

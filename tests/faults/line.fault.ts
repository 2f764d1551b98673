import { claimId } from '#domain/claim/claim.ts';
import type { Page } from '@playwright/test';
import { item, itemPath, onShelf, publish, sync } from '../journeys/acts.ts';
import { expect, saved } from '../journeys/journey.ts';
import { seeded } from '../seeded.ts';
import { makeFine, test, type Asked } from './bad-line.ts';
import { expectSound, givenOn } from './invariants.ts';

const isWrite = ({ method, path }: Asked) => method === 'POST' && path.endsWith('/_bulk_docs');

const savedAtLast = (page: Page) => expect(sync(page)).toHaveAttribute('data-sync', 'saved', { timeout: 150_000 });

test(
  '[R2] answers lost after the hub has written: a post and a claim are there once',
  { tag: '@quick' },
  async ({ line, atHome }) => {
    const { circle, people, phones } = await atHome('lin', 'mei');
    const [lin, mei] = people;
    const [giver, taker] = phones;
    let toLose = 2;
    line.fate = (asked) => (isWrite(asked) && toLose-- > 0 ? 'answer lost' : 'arrives');
    await giver.open(`/c/${circle.id}/post`);
    const id = await publish(giver.page, 'Lamp', 40);
    await saved(giver.page);
    expect(line.met['answer lost']).toBe(2);

    toLose = 2;
    await taker.open(itemPath(circle.id, id));
    await taker.page.getByRole('button', { name: 'I want it' }).click();
    await expect(item(taker.page)).toHaveAttribute('data-mine', 'given', { timeout: 20_000 });
    await saved(taker.page);
    expect(line.met['answer lost']).toBe(4);
    const claim = claimId(mei.id, id as never);
    expect(await givenOn(circle)).toEqual([claim]);
    await expectSound(
      circle,
      [
        [lin, giver],
        [mei, taker]
      ],
      { written: [id, claim], given: [claim] }
    );
  }
);

test('over a slow line that loses a third of everything, what two people write and claim arrives, once', async ({
  line,
  atHome
}) => {
  const { circle, people, phones } = await atHome('lin', 'mei');
  const [lin, mei] = people;
  const [giver, taker] = phones;
  for (const { page } of [giver, taker]) await saved(page);

  // As a phone far from its mast: what DevTools calls slow 3G, and on top of it requests and answers that never come.
  const random = seeded(3);
  line.fate = () => {
    const drawn = random();
    return drawn < 0.15 ? 'request lost' : drawn < 0.3 ? 'answer lost' : 'arrives';
  };
  line.delayMs = 400;
  line.bytesPerSecond = 50_000;
  for (const { context, page } of [giver, taker]) {
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.enable');
    await cdp.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 400,
      downloadThroughput: 50_000,
      uploadThroughput: 50_000
    });
  }

  const ids: string[] = [];
  for (const title of ['Lamp', 'Chair', 'Kettle']) {
    await giver.open(`/c/${circle.id}/post`);
    ids.push(await publish(giver.page, title, 'free'));
  }
  await savedAtLast(giver.page);
  await taker.open(`/c/${circle.id}`);
  await expect(onShelf(taker.page, 'Kettle')).toBeVisible({ timeout: 150_000 });
  await onShelf(taker.page, 'Kettle').click();
  await taker.page.getByRole('button', { name: 'I want it' }).click();
  await expect(item(taker.page)).toHaveAttribute('data-mine', 'given', { timeout: 150_000 });
  await savedAtLast(taker.page);
  expect(line.met['request lost'] + line.met['answer lost']).toBeGreaterThan(10);

  makeFine(line);
  const claim = claimId(mei.id, ids[2] as never);
  await expectSound(
    circle,
    [
      [lin, giver],
      [mei, taker]
    ],
    { written: [...ids, claim], given: [claim] }
  );
});

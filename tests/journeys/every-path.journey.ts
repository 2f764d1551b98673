import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { claimId, makeClaim } from '#domain/claim/claim.ts';
import { makeComment } from '#domain/comment/comment.ts';
import { listingId, makeListing } from '#domain/listing/listing.ts';
import { makeMessage } from '#domain/message/message.ts';
import { takePicture } from '../demo/still-life.ts';
import { expect, ready, test, type Circle } from './journey.ts';
import { routes, visits, type Things } from './paths.ts';

test('every path there is has been visited', () => {
  expect(Object.keys(visits).sort()).toEqual(routes().sort());
});

/** A thing with a picture, asked for twice, talked about in the open and in private. */
async function furnish(circle: Circle): Promise<string> {
  const [lin, mei, hao] = [circle.one('lin'), circle.one('mei'), circle.one('hao')];
  const now = new Date().toISOString();
  const jpeg = await takePicture({ motif: 'lamp', colours: ['#d79b3f', '#e8bd74', '#7d5519'], light: 2, view: 0 });
  const photos = [await lin.showPicture(circle.id, jpeg)];
  const id = listingId(lin.id, 'lamp');
  await lin.save(
    circle.id,
    makeListing(
      {
        title: '书桌台灯 Desk lamp',
        text: '暖光。',
        price: { amountMinor: 1234567800, currency: 'CNY' },
        unit: '盏 piece',
        category: 'home',
        photos
      },
      { author: lin.id, now, key: 'lamp' }
    )
  );
  for (const person of [mei, hao]) {
    await person.save(circle.id, makeClaim({ subject: id, note: 'Tonight?' }, { author: person.id, now }));
    await person.untilAnswered(circle.id, id, [claimId(person.id, id)]);
  }
  await hao.save(circle.id, makeComment({ subject: id, text: 'Which bulb?' }, { author: hao.id, now, key: 'bulb' }));
  await lin.save(
    'me',
    makeMessage(
      { to: [mei.id], subject: claimId(mei.id, id), circle: circle.id, text: 'At gate 2, after seven.' },
      { author: lin.id, now, key: 'gate' }
    )
  );
  return id;
}

// No frames here, so that axe needs no further page to put its findings together.
async function faultsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id} (${help}): ${target.join(' ')}`));
}

/** A phone whose letters are twice as big scrolls down, never sideways. */
async function fitsAtTwiceTheText(page: Page): Promise<boolean> {
  const width = await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
    return document.documentElement.scrollWidth;
  });
  return width <= page.viewportSize()!.width;
}

for (const language of ['zh-CN', 'en'] as const) {
  test(`axe finds nothing on any path, with content and empty, in ${language}, light and dark, and all fits at twice the text`, async ({
    hub,
    neighbourhood,
    phoneOf
  }) => {
    test.setTimeout(600_000);
    const circle = await neighbourhood('lin', 'mei', 'hao');
    const listing = await furnish(circle);
    const bare = await circle.one('hao').found({ name: '303', circleKind: 'circle' });
    const token = await circle.steward.invite(circle.id, 5);
    const full: Things = { circle: circle.id, listing, token, setUpToken: hub.setUpToken };
    const empty: Things = { ...full, circle: bare, listing: `${circle.one('hao').id}:listing:none`, token: 'none' };

    const faults: string[] = [];
    for (const [as, things, person] of [
      ['member', full, circle.one('mei')],
      ['giver', full, circle.one('lin')],
      ['member', empty, circle.one('hao')],
      ['giver', empty, circle.one('hao')],
      ['stranger', full, null],
      ['stranger', empty, null]
    ] as const) {
      const { page, context } = await phoneOf(person, { reducedMotion: 'reduce' });
      await context.addInitScript((locale) => localStorage.setItem('PARAGLIDE_LOCALE', locale), language);
      for (const [route, visit] of Object.entries(visits)) {
        if (visit.as !== as) continue;
        await page.goto(visit.path(things));
        await ready(page);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page.locator('html')).toHaveAttribute('lang', language);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          for (const fault of await faultsOf(page))
            faults.push(`${route} ${things === full ? 'full' : 'empty'} ${colorScheme}: ${fault}`);
        }
        if (!(await fitsAtTwiceTheText(page))) faults.push(`${route}: wider than the phone at twice the text`);
      }
      await context.close();
    }
    expect(faults).toEqual([]);
  });
}

import { offeredRules } from '#domain/allot.ts';
import { chip, item, itemPath, onShelf, publish, sync, trousersPicture } from './acts.ts';
import { expect, saved, test } from './journey.ts';

const title = 'Trousers, size S';

test('[S1] posted in the lift, claimed at home, handed over, paid by transfer', async ({
  atHome,
  goOffline,
  goOnline
}) => {
  const { circle, phones } = await atHome('lin', 'mei');
  const [lin, mei] = phones;

  await goOffline(lin, mei);
  const from = Date.now();
  await lin.open(`/c/${circle.id}`);
  await lin.page.getByRole('link', { name: 'Post', exact: true }).click();
  await lin.page.getByLabel('Photos').setInputFiles(await trousersPicture());
  const id = await publish(lin.page, `${title}\nNever worn, the tag is still on.`, 35, ['Unworn']);
  expect(Date.now() - from).toBeLessThan(60_000);
  await expect(sync(lin.page)).toHaveAttribute('data-sync', 'offline');
  await expect(item(lin.page)).toHaveAttribute('data-state', 'available');

  await goOnline(lin, mei);
  await saved(lin.page);
  await mei.open(`/c/${circle.id}`);
  await onShelf(mei.page, title).click();
  await expect(mei.page.getByText('Never worn')).toBeVisible();
  await expect(mei.page.locator('p[aria-live="assertive"]')).toHaveText(`${title} · Jujube`);
  await expect(mei.page.getByRole('img').first()).toBeVisible();
  await mei.page.getByRole('button', { name: 'I want it' }).click();
  await expect(item(mei.page)).toHaveAttribute('data-mine', 'given');
  await expect(item(mei.page)).toHaveAttribute('data-state', 'reserved');

  await expect(item(lin.page)).toHaveAttribute('data-state', 'reserved');
  await expect(lin.page.getByText('Mei').first()).toBeVisible();
  await lin.page.getByRole('button', { name: 'Handed over' }).click();
  await mei.page.getByRole('button', { name: 'Received' }).click();
  await mei.page.getByRole('button', { name: 'Paid', exact: true }).click();
  await chip(mei.page, 'Transfer');
  for (const { page } of [lin, mei]) await expect(item(page)).toHaveAttribute('data-state', 'gone');
  for (const { page } of [lin, mei]) await expect(page.getByText(/transfer/i).first()).toBeVisible();
  await lin.page.getByRole('button', { name: 'Paid', exact: true }).click();
  await expect(lin.page.getByRole('button', { name: 'Paid', exact: true })).toHaveAttribute('aria-pressed', 'true');

  for (const { open, page } of [lin, mei]) {
    await open(`/c/${circle.id}`);
    await expect(onShelf(page, title)).toHaveCount(0);
  }
  await lin.open(itemPath(circle.id, id));
  await expect(item(lin.page)).toHaveAttribute('data-state', 'gone');
});

test('[S1] the price stays in sight above the pad that types it', async ({ atHome }) => {
  const { circle, phones } = await atHome('lin');
  const { page, open } = phones[0];
  await open(`/c/${circle.id}/post`);
  const price = page.getByLabel('Price', { exact: true });
  await price.focus();
  await page.getByRole('button', { name: '3', exact: true }).click();
  await expect(price).toHaveValue('3');
  const onTop = await price.evaluate((field) => {
    const { left, top, width, height } = field.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, top + height / 2) === field;
  });
  expect(onTop).toBe(true);
});

test('[S3] two offline claims for the last thing leave one winner, and the other sees the rule and the place', async ({
  atHome,
  goOffline,
  goOnline
}) => {
  const { circle, phones } = await atHome('lin', 'mei', 'hao');
  const [lin, mei, hao] = phones;
  await lin.open(`/c/${circle.id}/post`);
  // None that does not settle yet.
  const rules = lin.page.getByRole('radiogroup', { name: 'Who gets it' }).getByRole('radio');
  await expect(rules).toHaveCount(offeredRules.length);
  const id = await publish(lin.page, title, 'free');
  await saved(lin.page);
  for (const phone of [mei, hao]) {
    await phone.open(`/c/${circle.id}`);
    await onShelf(phone.page, title).click();
    await expect(item(phone.page)).toBeVisible();
  }

  await goOffline(mei, hao);
  for (const { page } of [mei, hao]) {
    await page.getByRole('button', { name: 'I want it' }).click();
    await expect(item(page)).toHaveAttribute('data-mine', 'unsent');
  }
  await goOnline(hao);
  await expect(item(hao.page)).toHaveAttribute('data-mine', 'given');
  await goOnline(mei);
  await expect(item(mei.page)).toHaveAttribute('data-mine', 'waiting');
  await expect(item(mei.page)).toHaveAttribute('data-place', '1');
  await expect(mei.page.getByText('First come').first()).toBeVisible();
  await lin.open(itemPath(circle.id, id));
  await expect(item(lin.page)).toHaveAttribute('data-state', 'reserved');
});

test('[S4] the same account lists and gets; nobody signs up as a seller', async ({ atHome }) => {
  const { circle, phones } = await atHome('lin', 'mei');
  const [lin, mei] = phones;

  await lin.open(`/c/${circle.id}/post`);
  await publish(lin.page, 'Two mugs', 6);
  await mei.open(`/c/${circle.id}/post`);
  await publish(mei.page, 'Jujubes', 'free');

  await mei.open(`/c/${circle.id}`);
  await onShelf(mei.page, 'Two mugs').click();
  await mei.page.getByRole('button', { name: 'I want it' }).click();
  await expect(item(mei.page)).toHaveAttribute('data-mine', 'given');
  await lin.open(`/c/${circle.id}`);
  await onShelf(lin.page, 'Jujubes').click();
  await lin.page.getByRole('button', { name: 'I want it' }).click();
  await expect(item(lin.page)).toHaveAttribute('data-mine', 'given');
});

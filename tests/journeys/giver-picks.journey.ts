import { item, itemPath, publish } from './acts.ts';
import { expect, saved, test } from './journey.ts';

test('the giver picks one of two by keyboard alone, and both of them read why', async ({ atHome }) => {
  const { circle, phones } = await atHome('lin', 'mei', 'hao');
  const [lin, mei, hao] = phones;
  await lin.open(`/c/${circle.id}/post`);
  const id = await publish(lin.page, 'Knitted sweater', 'free', ['Giver picks']);
  await saved(lin.page);

  for (const { page, open } of [mei, hao]) {
    await open(itemPath(circle.id, id));
    const want = page.getByRole('button', { name: 'I want it' });
    await want.focus();
    await page.keyboard.press('Enter');
    await expect(item(page)).toHaveAttribute('data-mine', 'waiting');
    await expect(page.getByRole('button', { name: 'Withdraw' })).toBeFocused();
  }

  const { page } = lin;
  await page.getByRole('button', { name: 'Give it to Hao' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Yes' })).toBeFocused();
  await page.keyboard.press('Enter');

  await expect(item(hao.page)).toHaveAttribute('data-mine', 'given');
  await expect(hao.page.getByText('Lin picked you.')).toBeVisible();
  await expect(item(mei.page)).toHaveAttribute('data-mine', 'waiting');
  await expect(page.getByRole('button', { name: /^Give it to/ })).toHaveCount(0);
});

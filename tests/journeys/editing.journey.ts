import { item, onShelf, publish, trousersPicture } from './acts.ts';
import { expect, saved, test } from './journey.ts';

const title = 'Trousers, size S';
const unfinished = 'Your unfinished post is still here.';

test('[S17] an edit that is left and taken up again keeps words and pictures; a picture taken out is taken back from all', async ({
  atHome
}) => {
  const { circle, people, phones } = await atHome('lin');
  const [{ page, open }] = phones;
  await open(`/c/${circle.id}/post`);
  await page.getByLabel('Photos').setInputFiles(await trousersPicture());
  const id = await publish(page, title, 35);
  const edit = () => page.getByRole('link', { name: 'Edit', exact: true }).click();
  const back = () => page.getByRole('link', { name: 'Back' }).click();
  const picture = page.getByRole('button', { name: 'Picture 1' });

  // Only looked at: the next edit begins with the post as it stands.
  await edit();
  await expect(picture).toBeVisible();
  await back();
  await edit();
  await expect(picture).toBeVisible();
  await expect(page.getByText(unfinished)).toBeHidden();

  await page.getByLabel('What is it').fill(`${title}\nWorn once.`);
  await back();
  await edit();
  await expect(page.getByText(unfinished)).toBeVisible();
  await expect(page.getByLabel('What is it')).toHaveValue(`${title}\nWorn once.`);
  await expect(picture).toBeVisible();
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(item(page)).toContainText('Worn once.');
  await expect(item(page).locator('img')).toHaveCount(1);

  await edit();
  await picture.click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(item(page)).toContainText('Worn once.');
  await expect(item(page).locator('img')).toHaveCount(0);
  await saved(page);
  const ids = async () => {
    const { rows } = await people[0].call<{ rows: { id: string }[] }>('GET', `/db/${circle.id}/_all_docs`);
    return rows.map((row) => row.id).filter((one) => one.startsWith(`${people[0].id}:`));
  };
  await expect.poll(ids).toEqual([id, `${people[0].id}:person:self`]);
});

test('a private word that is not sent yet is there again when its sheet is opened once more', async ({ atHome }) => {
  const { circle, phones } = await atHome('lin', 'mei');
  const [lin, mei] = phones;
  await lin.open(`/c/${circle.id}/post`);
  await publish(lin.page, title, 35);
  await mei.open(`/c/${circle.id}`);
  await onShelf(mei.page, title).click();
  await mei.page.getByRole('button', { name: 'I want it' }).click();
  const word = mei.page.getByLabel('Only Lin and you read this');
  const openSheet = () => mei.page.getByRole('button', { name: 'Private word' }).click();
  await openSheet();
  await word.fill('Can I fetch them at eight?');
  await mei.page.getByRole('button', { name: 'Close' }).click();
  await expect(word).toBeHidden();
  await openSheet();
  await expect(word).toHaveValue('Can I fetch them at eight?');
  await mei.page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await expect(word).toHaveValue('');
  await expect(mei.page.getByRole('dialog')).toContainText('Can I fetch them at eight?');
});

import { publish } from '../journeys/acts.ts';
import { expect, saved, test } from '../journeys/journey.ts';
import { dropReadModel, expectSound } from './invariants.ts';

test('[R9] a device whose read model was deleted shows the same again', { tag: '@quick' }, async ({ atHome }) => {
  const { circle, people, phones } = await atHome('lin', 'mei');
  const [lin, mei] = people;
  const [phone, other] = phones;
  await phone.open(`/c/${circle.id}/post`);
  const id = await publish(phone.page, 'Lamp', 40);
  await saved(phone.page);
  await dropReadModel(phone, lin);
  await phone.open(`/c/${circle.id}`);
  await expect(phone.page.getByRole('link', { name: 'Lamp', exact: true })).toBeVisible();
  await expectSound(
    circle,
    [
      [lin, phone],
      [mei, other]
    ],
    { written: [id] }
  );
});

import { onShelf, publish } from '../journeys/acts.ts';
import { expect, saved, test } from '../journeys/journey.ts';
import { expectSound } from './invariants.ts';

for (const [days, words] of [
  [3, 'ahead'],
  [-3, 'behind']
] as const) {
  const tag = days > 0 ? '@quick' : '@slow';
  test(
    `a phone three days ${words} puts its things on the shelf by the hub’s time`,
    { tag },
    async ({ neighbourhood, phoneOf }) => {
      const circle = await neighbourhood('lin', 'mei');
      const person = circle.one('lin');
      // Without the service worker the app's own worker can be handed the wrong clock as well.
      const lin = await phoneOf(null, { serviceWorkers: 'block' });
      const wrongByMs = days * 86_400_000;
      const wrongClock = `{ const now = Date.now; Date.now = () => now() + ${wrongByMs}; }`;
      await lin.context.addInitScript(wrongClock);
      await lin.context.route('**/workers/worker-*.js', async (route) => {
        const script = await (await route.fetch()).text();
        await route.fulfill({ contentType: 'text/javascript', body: `${wrongClock}${script}` });
      });
      await lin.context.request.post('/api/session', { data: { login: person.login, password: person.password } });
      await lin.open(`/c/${circle.id}`);
      await saved(lin.page);
      const seen = (await lin.page.evaluate(() => Date.now())) - Date.now();
      expect(Math.abs(seen - wrongByMs)).toBeLessThan(60_000);
      await lin.page.getByRole('link', { name: 'Post', exact: true }).click();
      const id = await publish(lin.page, 'By a wrong clock', 'free');
      await saved(lin.page);

      const mei = await phoneOf(circle.one('mei'));
      await mei.open(`/c/${circle.id}/post`);
      await publish(mei.page, 'A moment later', 'free');
      await mei.open(`/c/${circle.id}`);
      await expect(onShelf(mei.page, 'By a wrong clock')).toBeVisible();
      const titles = await mei.page.getByRole('list', { name: 'Shelf' }).getByRole('link').allTextContents();
      expect(titles.map((title) => title.trim())).toEqual(['A moment later', 'By a wrong clock']);
      const { createdAt } = await circle.steward.read<{ createdAt: string }>(circle.id, id);
      expect(Math.abs(Date.parse(createdAt) - Date.now())).toBeLessThan(60_000);
      await expectSound(
        circle,
        [
          [person, lin],
          [circle.one('mei'), mei]
        ],
        { written: [id] }
      );
    }
  );
}

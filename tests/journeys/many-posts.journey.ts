import { makeListing } from '#domain/listing/listing.ts';
import { sync } from './acts.ts';
import { expect, saved, signInOn, test } from './journey.ts';
import { writeAll } from './write-all.ts';

test('[S16] 200 posts made offline on two phones, one of them killed after its first batch, all arrive, once', async ({
  atHome,
  goOffline,
  goOnline
}) => {
  const { circle, people, phones } = await atHome('lin', 'mei');
  const [lin, mei] = phones;
  const posts = (author: string, count: number) =>
    Array.from({ length: count }, (_, number) =>
      makeListing({ title: `Thing ${number}` }, { author, key: `post-${number}`, now: new Date().toISOString() })
    );

  await goOffline(lin, mei);
  // More than one batch, so that the rest waits when the power goes.
  const of = [posts(people[0].id, 130), posts(people[1].id, 70)] as const;
  await writeAll(lin.page, circle.id, of[0]);
  await writeAll(mei.page, circle.id, of[1]);
  await expect(sync(lin.page)).toHaveAttribute('data-waiting', '130');

  const accepted = lin.page.waitForResponse((answer) => answer.url().endsWith('/_bulk_docs') && answer.ok());
  await goOnline(lin, mei);
  await accepted;
  await lin.crash();
  await saved(mei.page);
  await lin.reopen(`/c/${circle.id}`);
  // Cookies are written down twice a minute: the browser that was killed may have lost the session and ask for it again.
  await signInOn(lin, people[0]);
  await lin.open(`/c/${circle.id}`);
  await saved(lin.page);

  const { rows } = await circle.steward.call<{ rows: { id: string; doc: { _rev: string; _conflicts?: string[] } }[] }>(
    'GET',
    `/db/${circle.id}/_all_docs?include_docs=true&conflicts=true`
  );
  const arrived = rows.filter(({ id }) => id.includes(':listing:'));
  expect(arrived.map(({ id }) => id).sort()).toEqual(
    of
      .flat()
      .map(({ _id }) => _id)
      .sort()
  );
  for (const { doc } of arrived) expect(doc).toMatchObject({ _rev: expect.stringMatching(/^1-/) });
  expect(arrived.filter(({ doc }) => doc._conflicts)).toEqual([]);
});

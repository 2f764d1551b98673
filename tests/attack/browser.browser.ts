import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, newcomer, saved, test, type Circle } from '../journeys/journey.ts';
import { item, itemPath, onShelf, publish, trousersPicture } from '../journeys/acts.ts';
import { makeComment } from '#domain/comment/comment.ts';
import { makeListing } from '#domain/listing/listing.ts';
import { makePerson } from '#domain/person/person.ts';

const script = '<img src=x onerror="window.caught=1"><script>window.caught=1</script>';
const link = 'javascript:window.caught=1';

test('script in a title, a text, a name, a comment and a link is text on every screen and runs nowhere', async ({
  neighbourhood,
  phoneOf
}) => {
  const circle = await neighbourhood('lin', 'mei');
  const [lin, mei] = [circle.one('lin'), circle.one('mei')];
  const now = new Date().toISOString();
  const at = { author: mei.id, now };
  const listing = makeListing(
    { title: `Lamp ${script}`, text: `${script}\n${link}\n[a](${link})`, unit: script, condition: script },
    { ...at, key: 'lamp' }
  );
  // A link that is none of the web's does not even come in.
  const payment = makePerson({ name: 'Mei', payment: link as never }, at);
  await expect(mei.save(circle.id, payment)).rejects.toThrow(/invalid-field/);
  await mei.call('PATCH', '/api/me', { name: `Mei ${script}`.slice(0, 60) });
  await mei.save(
    circle.id,
    makePerson({ name: `Mei ${script}` }, at),
    listing,
    makeComment({ subject: listing._id, text: script }, { ...at, key: 'words' })
  );
  const { page, open } = await phoneOf(lin);
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await open(`/c/${circle.id}`);
  await onShelf(page, listing.title).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(listing.title);
  await expect(page.getByText(script, { exact: false }).first()).toBeVisible();
  for (const path of [
    itemPath(circle.id, listing._id),
    `/c/${circle.id}`,
    `/c/${circle.id}/people`,
    '/mine',
    '/inbox'
  ]) {
    await open(path);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await page.locator('a[href^="javascript:" i], iframe, object, embed').count()).toBe(0);
    expect(await page.evaluate(() => 'caught' in window)).toBe(false);
  }
  expect(dialogs).toEqual([]);
});

test('a second person at the same browser finds nothing of the first: no record, picture, name, cookie, on or off', async ({
  neighbourhood,
  phoneOf,
  hub
}) => {
  const circle = await neighbourhood('lin');
  const lin = circle.one('lin');
  const next = await circle.steward.found({ name: '303', circleKind: 'circle' });
  const fang = newcomer(hub, 'fang');
  await fang.signUp({ invite: await circle.steward.invite(next, 1) });
  const { page, context, open } = await phoneOf(lin);
  await open(`/c/${circle.id}/post`);
  await page.getByLabel('Photos').setInputFiles(await trousersPicture());
  await publish(page, 'Diary, blue', 'free');
  await saved(page);
  await open(`/c/${circle.id}`);
  const photo = await photoPath(circle);
  expect(await page.evaluate((path) => fetch(path).then(({ status }) => status), photo)).toBe(200);
  const cookies = await context.cookies();

  await open('/me');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/sign-in/);
  expect(await context.cookies()).toEqual([]);
  await context.request.post('/api/session', { data: { login: fang.login, password: fang.password } });
  await open(`/c/${next}`);

  const left = await page.evaluate(async () => {
    const records: unknown[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name!);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error!);
      });
      for (const store of database.objectStoreNames) {
        const rows = await new Promise<unknown[]>((resolve, reject) => {
          const reading = database.transaction(store).objectStore(store).getAll();
          reading.onsuccess = () => resolve(reading.result);
          reading.onerror = () => reject(reading.error!);
        });
        records.push([name, store, rows]);
      }
      database.close();
    }
    const cached = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return JSON.stringify([records, cached.flat().map(({ url }) => url), { ...localStorage }, { ...sessionStorage }]);
  });
  for (const trace of [lin.id, circle.id, 'Diary', cookies[0]!.value]) expect(left).not.toContain(trace);
  const fromCache = (path: string) =>
    page.evaluate(
      (asked) =>
        fetch(asked, { cache: 'only-if-cached', mode: 'same-origin' }).then(
          ({ status }) => status,
          () => 0
        ),
      path
    );
  expect(await fromCache(photo)).toBe(0);
  await context.setOffline(true);
  await page.goto(itemPath(circle.id, `${lin.id}:listing:nothing`));
  await expect(page.getByText('Diary, blue')).toHaveCount(0);

  async function photoPath({ id }: Circle): Promise<string> {
    const { rows } = await lin.call<{ rows: { id: string }[] }>('GET', `/db/${id}/_all_docs`);
    const hash = rows.map((row) => row.id.split(':')).find(([, kind]) => kind === 'photo')![2];
    return `/api/circles/${id}/photos/${hash}`;
  }
});

/** A page of somebody else's: all that it does to the hub, and what it could make of the answers. */
const evil = (
  hub: string,
  circle: string,
  photo: string
) => `<!doctype html><meta charset="utf-8"><title>Win a phone</title>
<iframe id="frame" src="${hub}/c/${circle}"></iframe>
<img id="picture" src="${hub}${photo}">
<script src="${hub}/api/me"></script>
<script>
const tries = {
  read: () => fetch('${hub}/api/me', { credentials: 'include' }),
  readDatabase: () => fetch('${hub}/db/${circle}/_all_docs', { credentials: 'include' }),
  blind: () => fetch('${hub}/db/${circle}/_bulk_docs', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"docs":[]}' }),
  json: () => fetch('${hub}/api/circles', { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{"name":"Evil","circleKind":"circle"}' }),
  text: () => fetch('${hub}/api/circles', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"name":"Evil","circleKind":"circle"}' }),
  signOut: () => fetch('${hub}/api/session', { method: 'DELETE', credentials: 'include' }),
  doorbell: () => new Promise((resolve, reject) => { const bell = new EventSource('${hub}/api/doorbell', { withCredentials: true }); bell.onmessage = resolve; bell.onerror = reject; })
};
window.run = async () => Object.fromEntries(await Promise.all(Object.entries(tries).map(async ([name, act]) => {
  try { const answer = await act(); return [name, answer.type === 'opaque' ? 'opaque' : 'readable']; } catch { return [name, 'refused']; }
})));
</script>
<form id="form" method="post" enctype="text/plain" action="${hub}/api/circles"><input name='{"name":"Evil","circleKind":"circle","x":"' value='"}'></form>`;

for (const host of ['127.0.0.1', 'localhost']) {
  test(`a page of somebody else’s on ${host} reads, writes, frames and signs out nothing`, async ({
    neighbourhood,
    phoneOf,
    hub
  }) => {
    const circle = await neighbourhood('lin');
    const lin = circle.one('lin');
    const { page, context } = await phoneOf(lin);
    // What the browser itself was answered, which it keeps from the page.
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.enable');
    const urls = new Map<string, string>();
    const statuses = new Map<string, number>();
    cdp.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
    cdp.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => statuses.set(requestId, statusCode));
    const server = await serve(evil(hub.url, circle.id, `/api/circles/${circle.id}/photos/${'a'.repeat(64)}`));
    const outside = `http://${host}:${(server.address() as AddressInfo).port}`;
    const before = await state();

    await page.goto(outside);
    expect(await page.evaluate(() => (window as unknown as { run(): Promise<object> }).run())).toEqual({
      read: 'refused',
      readDatabase: 'refused',
      blind: 'refused',
      json: 'refused',
      text: 'refused',
      signOut: 'refused',
      doorbell: 'refused'
    });
    expect(await page.evaluate(() => (document.querySelector('#picture') as HTMLImageElement).naturalWidth)).toBe(0);
    const framed = page.frames().find((frame) => frame !== page.mainFrame());
    expect(await framed?.locator('nav').count()).toBe(0);
    const ours = [...urls].filter(([, url]) => /\/(api|db)\//.test(url) && url.startsWith(hub.url));
    const answered = ours.flatMap(([id, url]) => (statuses.has(id) ? [[new URL(url).pathname, statuses.get(id)]] : []));
    expect(answered.length).toBeGreaterThanOrEqual(5);
    expect(answered.filter(([, status]) => status !== 403)).toEqual([]);

    await page.evaluate(() => (document.querySelector('#form') as HTMLFormElement).submit());
    await page.waitForURL(`${hub.url}/api/circles`);
    await expect(page.locator('body')).toContainText('cross-site');
    expect(await state()).toEqual(before);
    await page.goto(`${hub.url}/c/${circle.id}`);
    await expect(item(page).or(page.getByRole('navigation').first())).toBeVisible();
    await stop(server);

    async function state() {
      const me = await lin.call<{ circles: object[] }>('GET', '/api/me');
      return [
        me.circles,
        await lin.call('GET', `/db/${circle.id}/_all_docs`),
        (await context.request.get('/api/me')).status()
      ];
    }
  });
}

async function serve(html: string): Promise<Server> {
  const server = createServer((_, res) => res.writeHead(200, { 'content-type': 'text/html' }).end(html));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeListing } from '#domain/listing/listing.ts';
import { emptyLog, moveIn, signIn, type Log, type Person } from '../people.ts';
import { onEveryBackend, startHub, type TestHub } from '../start-hub.ts';
import type { TestStore } from '../start-store.ts';
import { until } from '../until.ts';

const now = new Date().toISOString();

/** Counts what is sent, by the last part of the path. */
function counting() {
  const counts = new Map<string, number>();
  const send: typeof fetch = (input, init) => {
    const route = new URL(String(input)).pathname.split('/').slice(3)[0] || 'info';
    counts.set(route, (counts.get(route) ?? 0) + 1);
    return fetch(input, init);
  };
  return { send, of: (route: string) => counts.get(route) ?? 0, clear: () => counts.clear() };
}

onEveryBackend("a third party's PouchDB", (startStore) => {
  let store: TestStore;
  let hub: TestHub;
  let circle: string;
  let lin: Person;
  let mei: Person;

  beforeAll(async () => {
    store = await startStore();
    hub = await startHub(store);
    const household = await moveIn(hub.url, { setup: hub.setup, names: ['Lin', 'Mei'] });
    circle = household.circle;
    [lin, mei] = household.people;
  });
  afterAll(async () => {
    await hub.stop();
    await store.stop();
  });

  const post = (author: string, key: string, title = 'Jujubes') => makeListing({ title }, { author, now, key });
  const has = (log: Log, id: string) =>
    log.get(id).then(
      () => true,
      () => false
    );

  it('replicates both ways, live and with retry, and stops when it is told to', async () => {
    const [linsLog, meisLog] = [emptyLog(), emptyLog()];
    const [linsSync, meisSync] = [
      linsLog.sync(lin.remote(circle), { live: true, retry: true }),
      meisLog.sync(mei.remote(circle), { live: true, retry: true })
    ];
    for (let n = 0; n < 3; n++) {
      await linsLog.put(post(lin.id, `live-${n}`));
      await until('Mei has what Lin posts', () => has(meisLog, post(lin.id, `live-${n}`)._id));
      await meisLog.put(post(mei.id, `answer-${n}`));
      await until('Lin has what Mei posts', () => has(linsLog, post(mei.id, `answer-${n}`)._id));
    }
    const ended = Promise.all(
      [linsSync, meisSync].map((sync) => new Promise((resolve) => sync.on('complete', resolve)))
    );
    linsSync.cancel();
    meisSync.cancel();
    await ended;
  });

  it('is told of one refused document among a hundred, sends the other 99, and repeats nothing', async () => {
    const log = emptyLog();
    const requests = counting();
    const remote = lin.remote(circle, requests.send);
    const forged = post(mei.id, 'forged', 'Not by Lin');
    await log.bulkDocs([...Array.from({ length: 99 }, (_, n) => post(lin.id, `batch-${n}`)), forged]);

    const denied: string[] = [];
    const push = log.replicate.to(remote);
    push.on('denied', (error) => denied.push((error as unknown as { id: string }).id));
    expect(await push).toMatchObject({ ok: true, docs_written: 99, doc_write_failures: 1 });
    expect(denied).toEqual([forged._id]);
    expect(requests.of('_bulk_docs')).toBe(1);
    expect(await mei.read(circle, forged._id)).toBeNull();

    requests.clear();
    await log.put(post(lin.id, 'afterwards'));
    expect(await log.replicate.to(remote)).toMatchObject({ docs_written: 1, doc_write_failures: 0 });
    expect([requests.of('_revs_diff'), requests.of('_bulk_docs')]).toEqual([1, 1]);
    requests.clear();
    await log.replicate.to(remote);
    expect([requests.of('_revs_diff'), requests.of('_bulk_docs')]).toEqual([0, 0]);
  });

  it('goes on, live, behind a refused document without asking again and again', async () => {
    const log = emptyLog();
    const requests = counting();
    const sync = log.replicate.to(lin.remote(circle, requests.send), { live: true, retry: true });
    await log.bulkDocs([post(mei.id, 'forged-live'), post(lin.id, 'live-before')]);
    await until('the first is there', () => mei.read(circle, post(lin.id, 'live-before')._id));
    await log.put(post(lin.id, 'live-after'));
    await until('the next is there', () => mei.read(circle, post(lin.id, 'live-after')._id));
    expect(requests.of('_bulk_docs')).toBeLessThanOrEqual(3);
    const ended = new Promise((resolve) => sync.on('complete', resolve));
    sync.cancel();
    await ended;
  });

  it('brings 200 posts of two devices once, though every third answer is lost after the hub has written', async () => {
    const laptop = await signIn(hub.url, lin);
    let answers = 0;
    const lossy: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (init?.method === 'POST' && ++answers % 3 === 0) {
        await response.arrayBuffer();
        throw new TypeError('The connection is gone');
      }
      return response;
    };
    const posts = Array.from({ length: 200 }, (_, n) => post(lin.id, `lift-${n}`));
    await Promise.all(
      [lin, laptop].map(async (device, index) => {
        const log = emptyLog();
        await log.bulkDocs(posts.slice(index * 100, index * 100 + 100));
        const remote = device.remote(circle, lossy);
        await until('all are sent', () =>
          log.replicate.to(remote, { batch_size: 10 }).then(
            () => true,
            () => false
          )
        );
      })
    );
    const received = emptyLog();
    await received.replicate.from(mei.remote(circle));
    const { rows } = await received.allDocs({
      startkey: `${lin.id}:listing:lift-`,
      endkey: `${lin.id}:listing:lift-\ufff0`,
      conflicts: true,
      include_docs: true
    });
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(posts.map(({ _id }) => _id)));
    expect(rows.every(({ value, doc }) => value.rev.startsWith('1-') && !doc?._conflicts)).toBe(true);
  });
});

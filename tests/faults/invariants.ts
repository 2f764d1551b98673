import { parseRecordId } from '#domain/id.ts';
import type { Allotment } from '#domain/allotment/allotment.ts';
import { expect, type Circle, type Phone } from '../journeys/journey.ts';
import type { Neighbour } from '../neighbour.ts';
import { onDevice, type OnDevice, type Rows } from './on-device.ts';

type HubDocument = { _id: string; _rev: string; _conflicts?: string[]; [field: string]: unknown };
export type Held = readonly [person: Neighbour, phone: Phone];

/** Once the faults have stopped, everything has come together in this time: a few of the longest waits between tries. */
const boundMs = 90_000;

export async function onHub({ steward, id }: Circle): Promise<HubDocument[]> {
  const { rows } = await steward.call<{ rows: { doc: HubDocument }[] }>(
    'GET',
    `/db/${id}/_all_docs?include_docs=true&conflicts=true`
  );
  return rows.map(({ doc }) => doc);
}

/** Who was given what: a fault must not change it. */
export async function givenOn(circle: Circle): Promise<string[]> {
  const allotments = (await onHub(circle)).filter(({ _id }) =>
    _id.startsWith('hub:allotment:')
  ) as never as Allotment[];
  return allotments
    .flatMap(({ places }) => places.filter(({ state }) => state === 'given').map(({ claim }) => claim))
    .sort();
}

type Expected = {
  /** Ids of records that were written or acknowledged; each has to be on the hub, still in its first revision. */
  written?: readonly string[];
  /** Claims that were confirmed before. */
  given?: readonly string[];
};

/** The seven invariants (numbers as in the messages), after the faults have stopped. */
export async function expectSound(circle: Circle, held: readonly Held[], expected: Expected = {}): Promise<void> {
  const devices = await Promise.all(held.map(([person, phone]) => converged(circle, person, phone)));
  const hub = await onHub(circle);

  const revs = new Map(hub.map(({ _id, _rev }) => [_id, _rev]));
  const lost = (expected.written ?? []).filter((id) => !revs.has(id));
  expect(lost, '1: nothing that was written is lost').toEqual([]);
  const again = (expected.written ?? []).filter((id) => !revs.get(id)!.startsWith('1-'));
  expect(again, '1: nothing was written twice').toEqual([]);

  const [first, ...others] = devices.map(({ readModel }) => rowsOf(circle.id, readModel));
  for (const rows of others) expect(rows, '2: all devices have equal read models').toEqual(first);

  for (const [index, [person, phone]] of held.entries()) {
    await expectOwnOnly(devices[index]!, person, circle);
    await expectRebuilt(circle, devices[index]!, person, phone);
  }

  expect(
    hub.filter(({ _conflicts }) => _conflicts?.length).map(({ _id }) => _id),
    '5: no open conflict'
  ).toEqual([]);
  for (const allotment of hub.filter(({ _id }) => _id.startsWith('hub:allotment:')) as never as Allotment[]) {
    const given = allotment.places.filter(({ state }) => state === 'given');
    const offered = Math.max(...allotment.terms.map(({ quantity }) => quantity));
    const sum = given.reduce((total, { quantity }) => total + quantity, 0);
    expect(sum, `6: never more given than there is of ${allotment.subject}`).toBeLessThanOrEqual(offered);
  }
  const stillGiven = new Set(await givenOn(circle));
  expect(
    (expected.given ?? []).filter((claim) => !stillGiven.has(claim)),
    '6: confirmed stays confirmed'
  ).toEqual([]);
}

/** 7: within its bound this device's log has every document of the hub's in its winning revision, and nothing waits. */
async function converged(circle: Circle, person: Neighbour, phone: Phone): Promise<OnDevice> {
  let device!: OnDevice;
  const difference = async () => {
    device = await onDevice(phone.page);
    const log = (device.logs[circle.id] ?? []).filter(({ deleted }) => !deleted);
    const here = log.map(({ id, rev }) => `${id} ${rev}`).sort();
    const there = (await onHub(circle)).map(({ _id, _rev }) => `${_id} ${_rev}`).sort();
    const rows = Object.values(rowsOf(circle.id, device.readModel)).flat().length;
    const known = log.filter(({ id }) => parseRecordId(id)).length;
    return {
      onlyHere: here.filter((one) => !there.includes(one)),
      onlyThere: there.filter((one) => !here.includes(one)),
      waiting: (device.store['unsent'] ?? []).map(({ id }) => id),
      notInTables: known - rows
    };
  };
  const nothing = { onlyHere: [], onlyThere: [], waiting: [], notInTables: 0 };
  await expect
    .poll(difference, { message: `7: ${person.login}'s device converges`, timeout: boundMs })
    .toEqual(nothing);
  return device;
}

/** 4 and 5, on the device: nothing of another person or circle, no branch left open. */
async function expectOwnOnly(
  { databases, logs, readModel }: OnDevice,
  person: Neighbour,
  circle: Circle
): Promise<void> {
  const foreign = databases.filter((name) => name.includes('jujube:') && !name.includes(`jujube:${person.id}:`));
  expect(foreign, '4: no database of another person').toEqual([]);
  const { circles } = await person.call<{ circles: { id: string }[] }>('GET', '/api/me');
  const here = new Set(['me', ...circles.map(({ id }) => id)]);
  const shown = Object.values(readModel).flatMap((rows) => rows.map((row) => String(row['circle'])));
  const strange = [...Object.keys(logs), ...shown].filter((one) => !here.has(one));
  expect(strange, '4: nothing of a circle that she was never in').toEqual([]);
  const mine = (id: string) => id.startsWith(`${person.id}:`) || id.startsWith('hub:');
  const others = (logs['me'] ?? []).filter(({ id }) => !mine(id)).map(({ id }) => id);
  expect(others, '4: nothing of another person in her own database').toEqual([]);
  const branched = Object.values(logs).flatMap((log) => log.filter(({ openLeaves }) => openLeaves > 1));
  expect(branched, `5: no open conflict on ${person.login}'s device in ${circle.id}`).toEqual([]);
}

/** 3: the read model is deleted; the app that opens next replays the logs and comes to the same rows. */
async function expectRebuilt(circle: Circle, before: OnDevice, person: Neighbour, phone: Phone): Promise<void> {
  await dropReadModel(phone, person);
  await phone.open(`/c/${circle.id}`);
  await expect
    .poll(async () => rowsOf(circle.id, (await onDevice(phone.page)).readModel), {
      message: `3: ${person.login}'s read model equals a rebuild`,
      timeout: boundMs
    })
    .toEqual(rowsOf(circle.id, before.readModel));
}

/** Deletes the tables while no page of the app is open. */
export async function dropReadModel({ page }: Phone, person: Neighbour): Promise<void> {
  await page.goto('/manifest.webmanifest'); // of the hub's origin, and nothing of the app runs on it
  await page.evaluate(
    (name) =>
      new Promise<void>((done, fail) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = () => done();
        request.onerror = () => fail(request.error);
      }),
    `jujube:${person.id}:read`
  );
  expect((await onDevice(page)).readModel).toEqual({});
}

const byId = (a: Record<string, unknown>, b: Record<string, unknown>) => (String(a['id']) < String(b['id']) ? -1 : 1);

function rowsOf(circle: string, tables: Rows): Rows {
  const rows = Object.entries(tables).map(([table, all]) => [
    table,
    all.filter((row) => row['circle'] === circle).sort(byId)
  ]);
  return Object.fromEntries(rows.filter(([, some]) => some!.length > 0));
}

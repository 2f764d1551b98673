import { authorOf, type RecordId } from '#domain/id.ts';
import type { Log } from '#data/log.ts';
import { listingOf } from '#data/project.ts';
import { kindTables } from '#data/read-model.ts';
import type { Device } from './device.ts';
import { databaseOf } from './ledger.ts';
import { canonical, differ, rowsOf, type Rows } from './rows.ts';
import type { World } from './world.ts';

/** One device, held against what the hub's databases make of each circle. */
export async function judgeDevice(world: World, device: Device, references: Map<string, Rows>): Promise<void> {
  knowsWhere(world, device);
  // Also what it should have and never opened.
  const isIn = (circle: string) => world.present(circle).includes(device.person);
  const circles = new Set(['me', ...device.disk.logs.circles(), ...[...world.circles.keys()].filter(isIn)]);
  for (const circle of circles) await deviceWhole(world, device, circle, references);
  const doubts = device.kept<{ id: string; code: string }>('findings');
  for (const { id, code } of doubts) world.ledger.fault(`${device.name} doubts the hub's answer ${id}: ${code}`);
}

/** Whether an author is still there to merge what two devices of hers wrote side by side; nobody else may (R1). */
export const canMerge = (world: World, circle: string, id: string) =>
  circle === 'me' || world.present(circle).includes(authorOf(id as RecordId));

/** What a page shows of its person's circles is what the hub's database says. */
function knowsWhere(world: World, device: Device): void {
  const standing = (of: { leftAt?: string } | null | undefined) => (of ? (of.leftAt ? 'out of' : 'in') : 'never in');
  for (const [circle, name] of world.circles) {
    const [is, knows] = [
      world.memberOf(circle, device.person),
      device.me().circles.find(({ id }) => id === circle)
    ].map(standing);
    if (is !== knows) world.ledger.fault(`${device.person} is ${is} ${name}, and ${device.name} says ${knows}`);
  }
}

/** Invariants 2, 3, 4, 5 on one device, for one circle. */
async function deviceWhole(world: World, device: Device, circle: string, references: Map<string, Rows>): Promise<void> {
  const { ledger } = world;
  const database = databaseOf(circle, device.person);
  const log = device.disk.logs.open(circle);
  const rows = new Map<string, string>();
  for (const kind of kindTables)
    for (const row of device.rows<{ id: string }>(kind, circle)) rows.set(`${kind} ${row.id}`, canonical(row));
  differ(await rowsOf(log, circle), rows, (text) =>
    ledger.fault(`${device.name}, ${world.nameOf(circle)}: a rebuild ${text}`)
  );

  const refused = device.kept<{ circle: string; id: string }>('refused').filter((row) => row.circle === circle);
  const apart = new Set(refused.flatMap(({ id }) => [id, listingOf(id) ?? id]));
  const isMember = circle === 'me' || world.present(circle).includes(device.person);
  if (isMember) {
    differ(
      references.get(database)!,
      rows,
      (text) => ledger.fault(`${device.name}, ${world.nameOf(circle)}: the hub ${text}`),
      apart
    );
    const waiting = device.kept<{ circle: string; id: string }>('unsent').filter((row) => row.circle === circle);
    for (const { id } of waiting) ledger.fault(`${device.name}: ${id} still waits to be sent`);
  }
  await nothingForeign(world, device, circle, log, apart, isMember);
}

/** Invariant 4, and 5 on the device: all it has is the circle's or its own, from while it was a member. */
async function nothingForeign(
  world: World,
  device: Device,
  circle: string,
  log: Log,
  apart: Set<string>,
  isMember: boolean
) {
  const { ledger } = world;
  const database = databaseOf(circle, device.person);
  if (circle !== 'me' && !world.memberOf(circle, device.person))
    ledger.fault(`${device.name} was never in ${circle} and has it`);
  const leftAt = isMember ? Infinity : Date.parse(world.memberOf(circle, device.person)?.leftAt ?? '') + 1_000;
  const { changes } = await log.changes(0, 100_000);
  for (const { id, revs, doc } of changes) {
    if (doc._conflicts && !apart.has(id) && isMember && canMerge(world, circle, id))
      ledger.fault(`${device.name}: ${id} has branches open`);
    if (
      authorOf(id as RecordId) === device.person ||
      apart.has(id) ||
      revs.every((rev) => ledger.isBy(device.person, database, id, rev))
    )
      continue;
    for (const rev of revs) {
      const at = ledger.committedAt.get(`${database} ${id} ${rev}`);
      if (at === undefined) ledger.fault(`${device.name} has ${id} ${rev}, which ${database} never had`);
      else if (at > leftAt) ledger.fault(`${device.name} has ${id} ${rev}, written after it was removed`);
    }
  }
}

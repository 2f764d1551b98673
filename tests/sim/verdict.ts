import type { Allotment } from '#domain/allotment/allotment.ts';
import { allotmentId } from '#domain/allotment/allotment.ts';
import type { Claim } from '#domain/claim/claim.ts';
import type { Delivered } from '#domain/delivered/delivered.ts';
import { authorOf, hubAuthor, parseRecordId, type RecordId } from '#domain/id.ts';
import type { Listing } from '#domain/listing/listing.ts';
import type { Message } from '#domain/message/message.ts';
import type { Photo } from '#domain/photo/photo.ts';
import type { Picture } from '#data/device-store.ts';
import type { Log } from '#data/log.ts';
import { listingOf } from '#data/project.ts';
import { catchUp } from '#data/projector.ts';
import { kindTables } from '#data/read-model.ts';
import { conflictsOf, docOf, winnerOf, type Documents } from '#data/testing/documents.ts';
import { createMemoryLog } from '#data/testing/memory-log.ts';
import { createTablesDisk, openMemoryModel } from '#data/testing/memory-tables.ts';
import type { Device } from './device.ts';
import { databaseOf } from './ledger.ts';
import { contentOf, fileOf, hashOf } from './pictures.ts';
import type { World } from './world.ts';

type Rows = Map<string, string>;

/** Holds what must be true after every fault against what stands when everything has come to rest. */
export async function judge(world: World): Promise<void> {
  nothingLost(world);
  ticksKept(world);
  nothingBranched(world);
  answersWhole(world);
  picturesCame(world);
  for (const place of world.ledger.overdue()) world.ledger.fault(`${place} waits for a word for too long`);
  deliveredRight(world);
  const references = new Map<string, Rows>();
  for (const [name, { documents }] of world.couch.databases)
    if (name !== 'system') references.set(name, await rowsOf(logWith(documents), circleOf(name)));
  for (const device of world.devices) {
    knowsWhere(world, device);
    for (const circle of device.disk.logs.circles()) await deviceWhole(world, device, circle, references);
    const doubts = device.kept<{ id: string; code: string }>('findings');
    for (const { id, code } of doubts) world.ledger.fault(`${device.name} doubts the hub's answer ${id}: ${code}`);
  }
}

/** As a device names it. */
const circleOf = (database: string) => (database.startsWith('me-') ? 'me' : database.slice('c-'.length));
const treeIn = (world: World, database: string, id: string) => world.couch.databases.get(database)?.documents.tree(id);

function winning<T>(world: World, database: string, id: string): T | null {
  const tree = treeIn(world, database, id);
  const winner = tree && winnerOf(tree);
  return winner && !winner.isDeleted ? (winner.fields as T) : null;
}

/** Invariant 1: what was shown as saved, and what the hub acknowledged, is in the hub's database. */
function nothingLost(world: World): void {
  const { ledger } = world;
  for (const { database, id, rev } of ledger.acknowledged) {
    if (!treeIn(world, database, id)?.revisions.has(rev))
      ledger.fault(`${database} ${id} ${rev} was acknowledged and is lost`);
  }
  for (const { person, database, id, rev } of ledger.promised) {
    const isOut = database.startsWith('c-') && !world.present(circleOf(database)).includes(person);
    if (isOut || ledger.refused.has(`${database} ${id} ${rev}`)) continue;
    if (!treeIn(world, database, id)?.revisions.has(rev))
      ledger.fault(`${database} ${id} ${rev} was saved and never came`);
  }
}

/** R10: a tick that was set on any device stays, whatever was written beside it. */
function ticksKept(world: World): void {
  for (const { circle, id, tick, person } of world.ticks) {
    if (
      !world.present(circle).includes(person) ||
      world.ledger.everLeft(`c-${circle}`, person) ||
      world.removed.has(id)
    )
      continue;
    if (!(tick in (winning<object>(world, `c-${circle}`, id) ?? {})))
      world.ledger.fault(`c-${circle} ${id} has lost ${tick}`);
  }
}

/** What was kept of a picture is at the hub, and its record says so; what a device shows is what was sent. */
function picturesCame(world: World): void {
  const { ledger } = world;
  for (const { person, circle, id } of world.pictured) {
    if (!world.present(circle).includes(person) || ledger.everLeft(`c-${circle}`, person)) continue;
    if (!world.pictures.has(fileOf(circle, parseRecordId(id)!.key))) ledger.fault(`${id} never came to ${circle}`);
    const record = winning<Photo>(world, `c-${circle}`, id);
    if (!record?.uploadedAt) ledger.fault(`${id} is at the hub, and its record does not say so`);
  }
  for (const device of world.devices)
    for (const { circle, hash, blob, waits } of device.kept<Picture>('pictures')) {
      if (hashOf(contentOf(blob)) !== hash) ledger.fault(`${device.name} shows another picture for ${hash}`);
      if (waits && world.present(circle).includes(device.person))
        ledger.fault(`${device.name} has ${hash} waiting still`);
    }
}

/** Whether an author is still there to merge what two devices of hers wrote side by side; nobody else may (R1). */
const canMerge = (world: World, circle: string, id: string) =>
  circle === 'me' || world.present(circle).includes(authorOf(id as RecordId));

/** Invariant 5. */
function nothingBranched(world: World): void {
  for (const [name, { documents }] of world.couch.databases)
    for (const tree of documents.trees.values()) {
      if (name === 'system' || !canMerge(world, circleOf(name), tree.id)) continue;
      const branches = conflictsOf(tree);
      if (branches.length > 0) world.ledger.fault(`${name} ${tree.id} has ${branches.length} branches open at the hub`);
    }
}

/** Invariant 6 once more, from the other side: everybody who asks has an answer, and nobody waits before an open door. */
function answersWhole(world: World): void {
  for (const circle of world.circles.keys()) {
    const database = `c-${circle}`;
    for (const [id] of world.couch.databases.get(database)!.documents.trees) {
      if (parseRecordId(id)?.kind === 'claim') claimAnswered(world, circle, id as RecordId);
    }
  }
}

function claimAnswered(world: World, circle: string, id: RecordId): void {
  const { ledger } = world;
  const database = `c-${circle}`;
  const subject = parseRecordId(id)!.key;
  const claim = winning<Claim>(world, database, id);
  const answer = winning<Allotment>(world, database, allotmentId(subject));
  const mine = answer?.places.filter((place) => place.claim === id) ?? [];
  const standing = mine.filter(({ state }) => state !== 'refused');
  if (claim?.status !== 'standing') {
    if (standing.length > 0) ledger.fault(`${database} ${id} is withdrawn and still has a place`);
    return;
  }
  if (!world.present(circle).includes(authorOf(id))) return;
  const asked = standing.reduce((sum, place) => sum + (place.asked ?? place.quantity), 0);
  const offer = winning<Listing>(world, database, subject);
  const isGone =
    !offer || offer.status === 'withdrawn' || !world.present(circle).includes(authorOf(subject as RecordId));
  const isOver = mine.some(
    ({ state, why: { code } }) =>
      state === 'refused' &&
      (code === 'own-offer' || code === 'not-confirmed' || (code === 'offer-withdrawn' && isGone))
  );
  if (asked !== claim.quantity && !isOver)
    ledger.fault(`${database} ${id} asks for ${claim.quantity} and has places for ${asked}`);
  if (offer?.rule !== 'first-come' || !answer) return;
  for (const place of standing)
    if (place.state === 'waiting' && place.quantity <= answer.left && (claim.terms ?? 1) >= (offer.terms ?? 1))
      ledger.fault(`${database} ${id} waits for ${place.quantity} though ${answer.left} are left`);
}

/** R13: a word went to whom it was addressed, if they share a circle, and to nobody else. */
function deliveredRight(world: World): void {
  for (const person of world.people) {
    const database = `me-${person}`;
    for (const [id, tree] of world.couch.databases.get(database)!.documents.trees) {
      const winner = winnerOf(tree);
      if (authorOf(id as RecordId) === hubAuthor && !winner.isDeleted)
        arrivedRight(world, person, winner.fields as never);
      else if (parseRecordId(id)?.kind === 'message' && !winner.isDeleted)
        wentOut(world, person, id, winner.fields as never);
    }
  }
}

function arrivedRight(world: World, person: string, { from, record }: Delivered): void {
  const { ledger } = world;
  const { to } = record as unknown as Message;
  if (!to.includes(person)) ledger.fault(`${record._id} is for ${to.join()} and was delivered to ${person}`);
  if (authorOf(record._id as RecordId) !== from) ledger.fault(`${record._id} was delivered as ${from}'s`);
  if (!winning(world, `me-${from}`, record._id))
    ledger.fault(`${record._id} was taken back and ${person} still has it`);
}

function wentOut(world: World, sender: string, id: string, { to }: Message): void {
  const everLeft = [...world.circles.keys()].some((circle) =>
    [sender, ...to].some((person) => world.ledger.everLeft(`c-${circle}`, person))
  );
  if (everLeft) return;
  for (const person of to) {
    const shared = [...world.circles.keys()].some(
      (circle) => world.present(circle).includes(person) && world.present(circle).includes(sender)
    );
    if (person !== sender && shared && !winning(world, `me-${person}`, `hub:delivered:${id}`))
      world.ledger.fault(`${id} was not delivered to ${person}`);
  }
}

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

function differ(wanted: Rows, found: Rows, tell: (text: string) => void, apart: Set<string> = new Set()): void {
  const idOf = (key: string) => key.slice(key.indexOf(' ') + 1);
  for (const [key, row] of wanted) {
    if (apart.has(idOf(key))) continue;
    if (!found.has(key)) tell(`has ${key}, which is missing here`);
    else if (found.get(key) !== row) tell(`has another ${key}: ${row} instead of ${found.get(key)}`);
  }
  for (const key of found.keys()) if (!wanted.has(key) && !apart.has(idOf(key))) tell(`has no ${key}`);
}

/** Every row that the shipped projection makes of a log. */
async function rowsOf(log: Log, circle: string): Promise<Rows> {
  const model = openMemoryModel(createTablesDisk());
  await catchUp(model, log, circle);
  const rows: Rows = new Map();
  for (const kind of kindTables)
    for (const row of (await model.table(kind).toArray()) as { id: string }[])
      rows.set(`${kind} ${row.id}`, canonical(row));
  return rows;
}

/** A log that has a database's documents whole. */
function logWith(documents: Documents): Log {
  const log = createMemoryLog();
  const all = [...documents.trees.values()].flatMap((tree) =>
    [...tree.leaves].map((leaf) => docOf(tree, leaf, { revs: true }))
  );
  void log.take(all);
  return log;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part
  );
}

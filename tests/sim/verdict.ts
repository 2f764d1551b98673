import type { Allotment } from '#domain/allotment/allotment.ts';
import { allotmentId } from '#domain/allotment/allotment.ts';
import type { Claim } from '#domain/claim/claim.ts';
import type { Delivered } from '#domain/delivered/delivered.ts';
import { authorOf, hubAuthor, parseRecordId, type RecordId } from '#domain/id.ts';
import type { Listing } from '#domain/listing/listing.ts';
import type { Message } from '#domain/message/message.ts';
import type { Photo } from '#domain/photo/photo.ts';
import type { Picture } from '#data/device-store.ts';
import { conflictsOf, winnerOf } from '#data/testing/documents.ts';
import { canMerge, judgeDevice } from './device-verdict.ts';
import { databaseOf } from './ledger.ts';
import { contentOf, fileOf, hashOf } from './pictures.ts';
import { logWith, rowsOf, type Rows } from './rows.ts';
import type { World } from './world.ts';

/** Holds what must be true after every fault against what stands when everything has come to rest. */
export async function judge(world: World): Promise<void> {
  await nothingLost(world);
  ticksKept(world);
  nothingBranched(world);
  answersWhole(world);
  picturesCame(world);
  for (const place of world.ledger.overdue()) world.ledger.fault(`${place} waits for a word for too long`);
  deliveredRight(world);
  const references = new Map<string, Rows>();
  for (const [name, { documents }] of world.couch.databases)
    if (name !== 'system') references.set(name, await rowsOf(logWith(documents), circleOf(name)));
  for (const device of world.devices) await judgeDevice(world, device, references);
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
async function nothingLost(world: World): Promise<void> {
  const { ledger } = world;
  for (const { database, id, rev } of ledger.acknowledged) {
    if (!(await isThere(world, database, id, rev)))
      ledger.fault(`${database} ${id} ${rev} was acknowledged and is lost`);
  }
  for (const { person, database, id, rev } of ledger.promised) {
    const isOut = database.startsWith('c-') && !world.present(circleOf(database)).includes(person);
    if (isOut || ledger.refused.has(`${database} ${id} ${rev}`)) continue;
    if (!(await isThere(world, database, id, rev))) ledger.fault(`${database} ${id} ${rev} was saved and never came`);
  }
}

/**
 * The revision or what came of it. To a restored hub a device may hand back a document that it has without its history: then
 * another device knows that this descends from the revision.
 */
async function isThere(world: World, database: string, id: string, rev: string): Promise<boolean> {
  const tree = treeIn(world, database, id);
  if (tree?.revisions.has(rev)) return true;
  if (!tree || !world.ledger.isRestored()) return false;
  for (const device of world.devices) {
    if (databaseOf(circleOf(database), device.person) !== database) continue;
    const log = device.disk.logs.open(circleOf(database));
    const leaves = Object.keys(await log.missing({ [id]: [rev] })).length > 0 ? [] : await log.leaves([id]);
    const isBefore = leaves.length > 0 && leaves.every((leaf) => leaf._rev !== rev && tree.revisions.has(leaf._rev));
    if (isBefore) return true;
  }
  return false;
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

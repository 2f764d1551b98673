import { claimId, makeClaim, type Claim } from '#domain/claim/claim.ts';
import { makeComment, type Comment } from '#domain/comment/comment.ts';
import { handoverId, makeHandover } from '#domain/handover/handover.ts';
import { makeHide } from '#domain/hide/hide.ts';
import type { RecordId } from '#domain/id.ts';
import { makeListing, type Listing } from '#domain/listing/listing.ts';
import { makeMessage } from '#domain/message/message.ts';
import { withTerms } from '#domain/offer.ts';
import { makePhoto } from '#domain/photo/photo.ts';
import { makePick, pickId } from '#domain/pick/pick.ts';
import type { Doc } from '#data/log.ts';
import {
  authored,
  change,
  chosen,
  iso,
  keyed,
  mineStanding,
  placeOnMine,
  renew,
  save,
  write,
  type At,
  type Row
} from './hands.ts';
import { hashOf, pictureOf } from './pictures.ts';
import type { World } from './world.ts';

/** What a person does on one of her devices, and how often next to the rest. */
export const acts = {
  post: 9,
  picture: 4,
  edit: 7,
  claim: 20,
  withdraw: 7,
  change: 4,
  tick: 5,
  pick: 4,
  handOver: 5,
  comment: 5,
  message: 4,
  hide: 1,
  remove: 2,
  takeBack: 2,
  rush: 4,
  forge: 1,
  twice: 3,
  goOff: 5,
  comeBack: 6,
  crash: 5,
  secondTab: 2,
  closeTab: 1,
  restartHub: 2,
  part: 1,
  admit: 1,
  sleepLong: 0.5,
  backUp: 1,
  restoreHub: 0.7
};

export type ActName = keyof typeof acts;

const play: Record<ActName, (at: At) => unknown> = {
  post({ world, device, tab, circle }) {
    const { chance } = world;
    const title = `Thing ${chance.int(1_000)}`;
    const rule = chance.happens(0.2) ? 'giver-picks' : 'first-come';
    const quantity = 1 + chance.int(4);
    const partial = chance.happens(0.3) ? 'split' : 'skip';
    const closesAt = chance.happens(0.1) ? iso(tab.engine.hubNow() + chance.between(5_000, 400_000)) : undefined;
    const body = { title, rule, quantity, partial, ...(closesAt && { closesAt }) } as const;
    return save({ world, device, tab, circle }, makeListing(body, keyed(world, device, tab)));
  },

  /** A thing with its picture: what was kept first comes to the hub before or after the post, but it comes. */
  async picture(at) {
    const { world, device, tab, circle } = at;
    const content = `Picture ${world.chance.int(1_000_000)}`;
    const size = { width: 4, height: 4, bytes: content.length, type: 'image/jpeg', thumbhash: 'AAAA' } as const;
    const photo = makePhoto(size, { ...authored(at), key: hashOf(content) });
    await tab.engine.addPicture(circle, photo as unknown as Doc, hashOf(content), pictureOf(content));
    world.saved(device, circle, photo._id);
    world.pictureKept(device.person, circle, photo._id);
    const body = { title: `Thing ${world.chance.int(1_000)}`, photos: [photo._id] };
    return save(at, makeListing(body, keyed(world, device, tab)));
  },

  edit(at) {
    const { chance } = at.world;
    const mine = chosen(at, 'listing', (row: Row<Listing>) => row.author === at.device.person);
    if (!mine) return;
    return change<Listing>(at, mine.id, (before) =>
      withTerms(before, {
        ...(chance.happens(0.5) && { quantity: 1 + chance.int(5) }),
        ...(chance.happens(0.3) && { price: { amountMinor: chance.int(900), currency: 'CNY' } }),
        ...(chance.happens(0.3) && { title: `Thing ${chance.int(1_000)}` }),
        status: chance.weighted({ open: 8, closed: 1, withdrawn: 1 })
      })
    );
  },

  claim(at) {
    const { chance } = at.world;
    const thing = chosen(at, 'listing', (row: Row<Listing>) => row.author !== at.device.person || chance.happens(0.05));
    if (!thing) return;
    const quantity = chance.happens(0.7) ? 1 : 1 + chance.int(3);
    return renew<Claim>(at, claimId(at.device.person, thing.id), (before) =>
      before
        ? { ...before, status: 'standing', quantity, terms: thing.record.terms }
        : makeClaim({ subject: thing.id as RecordId, quantity, terms: thing.record.terms ?? 1 }, authored(at))
    );
  },

  withdraw(at) {
    const claim = chosen(at, 'claim', mineStanding(at));
    if (claim) return change<Claim>(at, claim.id, (before) => ({ ...before, status: 'withdrawn' }));
  },

  change(at) {
    const claim = chosen(at, 'claim', mineStanding(at));
    const note = `note ${at.world.chance.int(100)}`;
    if (claim)
      return change<Claim>(at, claim.id, (before) => ({ ...before, note, quantity: 1 + at.world.chance.int(3) }));
  },

  async tick(at) {
    const claim = chosen(at, 'claim', mineStanding(at));
    if (!claim) return;
    const now = iso(at.tab.engine.hubNow());
    const tick = at.world.chance.happens(0.5) ? { paid: { how: 'cash', at: now } as const } : { receivedAt: now };
    if (await change<Claim>(at, claim.id, (before) => ({ ...before, ...tick })))
      at.world.ticked(at.circle, claim.id, Object.keys(tick)[0]!, at.device.person);
  },

  pick(at) {
    const place = placeOnMine(at, 'waiting');
    if (place)
      return renew(at, pickId(at.device.person, place.claim), () => makePick({ subject: place.claim }, authored(at)));
  },

  handOver(at) {
    const place = placeOnMine(at, 'given');
    if (!place) return;
    const now = iso(at.tab.engine.hubNow());
    const tick = at.world.chance.happens(0.5) ? { handedOverAt: now } : { paidAt: now };
    return renew<object>(at, handoverId(at.device.person, place.claim), (before) =>
      before ? { ...before, ...tick } : makeHandover({ subject: place.claim, ...tick }, authored(at))
    );
  },

  comment(at) {
    const thing = chosen(at, 'listing', () => true);
    if (thing)
      return save(
        at,
        makeComment(
          { subject: thing.id as RecordId, text: `Hm ${at.world.chance.int(100)}` },
          keyed(at.world, at.device, at.tab)
        )
      );
  },

  message(at) {
    const { world, device, tab, circle } = at;
    const to = [...new Set([world.chance.pick(world.people), world.chance.pick(world.people)])];
    const message = makeMessage({ to, circle, text: `Psst ${world.chance.int(100)}` }, keyed(world, device, tab));
    return save({ ...at, circle: 'me' }, message);
  },

  hide(at) {
    const thing = chosen(at, 'listing', () => true);
    if (thing) return save(at, makeHide({ subject: thing.id as RecordId, reason: 'Twice' }, authored(at)));
  },

  async remove(at) {
    const { person } = at.device;
    const mine =
      chosen(at, 'comment', (row: Row<Comment>) => row.author === person) ?? chosen(at, 'claim', mineStanding(at));
    const before = mine && (await at.tab.engine.copyOf(at.circle).log.get(mine.id));
    if (!before) return;
    at.world.removed.add(before._id);
    await write(at, { _id: before._id, _rev: before._rev, _deleted: true });
  },

  /** A private word is deleted again: nobody may keep it. */
  async takeBack(at) {
    const mine = chosen({ ...at, circle: 'me' }, 'message', (row: Row<object>) => row.author === at.device.person);
    const before = mine && (await at.tab.engine.copyOf('me').log.get(mine.id));
    if (before) await write({ ...at, circle: 'me' }, { _id: before._id, _rev: before._rev, _deleted: true });
  },

  /** Everybody who is there wants the same thing in the same moment. */
  rush(at) {
    const thing = chosen(at, 'listing', (row: Row<Listing>) => row.record.status === 'open');
    if (!thing) return;
    const wishes: Promise<boolean>[] = [];
    for (const device of at.world.devices) {
      const [tab] = [...device.tabs].flatMap(({ tab }) => tab ?? []);
      const isIn = device.me().circles.some(({ id, leftAt }) => id === at.circle && !leftAt);
      if (!tab || !isIn || device.person === thing.author) continue;
      const mine = { ...at, device, tab };
      const wish = renew<Claim>(mine, claimId(device.person, thing.id), (before) =>
        before ? null : makeClaim({ subject: thing.id as RecordId, terms: thing.record.terms ?? 1 }, authored(mine))
      );
      wishes.push(wish);
    }
    return Promise.all(wishes);
  },

  /** Past the device's own check: a word under somebody else's name. */
  async forge(at) {
    const { world, device, tab, circle } = at;
    const other = world.chance.pick(world.people);
    const thing = chosen(at, 'listing', () => true);
    if (other === device.person || !thing) return;
    const forged = makeComment(
      { subject: thing.id as RecordId, text: 'I give it all away' },
      { ...keyed(world, device, tab), author: other }
    );
    await tab.engine.copyOf(circle).save(forged as unknown as Doc);
    await tab.engine.sendAll();
  },

  /** The same thing on two devices of hers, or in two tabs, at once. */
  twice(at) {
    const others = at.world.devices.filter(({ person }) => person === at.device.person);
    const mine = chosen(at, 'listing', (row: Row<Listing>) => row.author === at.device.person);
    if (!mine) return;
    const edits: Promise<boolean>[] = [];
    for (const device of others)
      for (const { tab } of device.tabs)
        if (tab && device.me().circles.some(({ id, leftAt }) => id === at.circle && !leftAt)) {
          const title = () => `Thing ${at.world.chance.int(1_000)}`;
          edits.push(change<Listing>({ ...at, device, tab }, mine.id, (before) => ({ ...before, title: title() })));
        }
    return Promise.all(edits);
  },

  goOff: ({ device }) => device.setOnline(false),
  comeBack: ({ world }) => world.devices.forEach((device) => device.setOnline(true)),
  crash: ({ world, device }) => world.crash(device),
  secondTab({ device }) {
    if (device.tabs.size < 2) device.open();
  },
  async closeTab({ world, device }) {
    const [first] = device.tabs;
    if (!first?.tab) return;
    await device.close(first);
    if (device.tabs.size === 0) world.reopenSoon(device);
  },
  restartHub: ({ world }) => world.restartHub(),
  part: ({ world, circle }) => world.part(circle),
  admit: ({ world, circle }) => world.admit(circle),
  sleepLong: ({ world }) => world.sleepLong(),
  backUp: ({ world }) => world.backUp(),
  restoreHub: ({ world }) => world.restoreHub()
};

/** How often each; `without` leaves acts out that a seed did not know when it was found, and it draws as it did then. */
export const weightsWithout = (without: readonly ActName[]): Record<ActName, number> => ({
  ...acts,
  ...Object.fromEntries(without.map((name) => [name, 0]))
});

/** One step: somebody does something on a device that is open, and does not wait for it. */
export function step(world: World): string {
  const { chance } = world;
  const name = chance.weighted(world.weights);
  const open = world.devices.flatMap((device) => [...device.tabs].flatMap(({ tab }) => (tab ? [{ device, tab }] : [])));
  if (open.length === 0) return `${name}: nobody is there`;
  const { device, tab } = chance.pick(open);
  const circles = device.me().circles.filter(({ leftAt }) => !leftAt);
  if (circles.length === 0) return `${name}: ${device.name} is in no circle`;
  const circle = chance.pick(circles).id;
  void Promise.resolve(play[name]({ world, device, tab, circle })).catch((error: unknown) =>
    world.ledger.unexpected(`${name}: ${String((error as Error).stack)}`)
  );
  return `${device.name} ${name} in ${world.nameOf(circle)}`;
}

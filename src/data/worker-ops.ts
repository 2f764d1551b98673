import { circleList, circleView } from './answers/circle.ts';
import type { Desk } from './answers/desk.ts';
import { hiddenThings } from './answers/hidden.ts';
import { inbox } from './answers/inbox.ts';
import { listingDetail } from './answers/listing.ts';
import { myThings } from './answers/mine.ts';
import { outbox } from './answers/outbox.ts';
import { people } from './answers/people.ts';
import { profile } from './answers/profile.ts';
import { cardsById, shelfPage } from './answers/shelf.ts';
import type { PictureSize } from './pictures.ts';
import type { Engine } from './engine.ts';
import type { Doc } from './log.ts';
import type { Me } from './hub-api.ts';
import type { ShelfFilter } from './queries/shelf.ts';

/** What a page may ask of its worker; everything travels by structured clone. */
export type WorkerOps = ReturnType<typeof createOps>;

export function createOps(engine: Engine, syncNow: () => Promise<void>) {
  const { model, store, hubNow: now } = engine;
  const desk: Desk = { model, store, me: engine.me, now };
  return {
    shelfPage: (ask: { circle: string; filter: ShelfFilter; limit: number }) => shelfPage(desk, ask),
    cardsById: (circle: string, ids: string[]) => cardsById(desk, circle, ids),
    listingDetail: (circle: string, id: string) => listingDetail(desk, circle, id),
    myThings: () => myThings(desk),
    people: (circle: string) => people(desk, circle),
    circleView: (circle: string) => circleView(desk, circle),
    circleList: () => circleList(desk),
    inbox: () => inbox(desk),
    outbox: () => outbox(desk),
    hiddenThings: (circle: string) => hiddenThings(desk, circle),
    profile: (circle: string, person: string) => profile(desk, circle, person),

    write: (circle: string, doc: Doc) => engine.write(circle, doc),
    record: (circle: string, id: string) => engine.copyOf(circle).log.get(id),
    addPicture: (circle: string, record: Doc, hash: string, blob: Blob) =>
      engine.addPicture(circle, record, hash, blob),
    dropPictures: (circle: string, ids: string[]) => engine.dropPictures(circle, ids),
    picture: (circle: string, photoId: string, size: PictureSize) => engine.pictures.get(circle, photoId, size),

    getDraft: async (key: string) => (await store.drafts.get(key))?.value ?? null,
    setDraft: async (key: string, value: unknown) => void (await store.drafts.put({ key, value, at: now() })),
    removeDraft: (key: string) => store.drafts.delete(key),
    dropRefused: async (circle: string, id: string) => {
      await store.refused.delete([circle, id]);
      await engine.tellStatus();
    },

    readDoubted: (circle: string, id: string) => engine.readDoubted(circle, id),

    syncNow,
    refreshMe: engine.refreshMe,
    resume: (me: Me) => engine.resume(me),
    status: () => engine.tellStatus()
  };
}

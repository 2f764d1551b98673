import { photoId } from '#domain/photo/photo.ts';
import type { Attempts } from './attempts.ts';
import type { CircleCopy } from './circle-copy.ts';
import { coalesced } from './coalesced.ts';
import type { DeviceStore } from './device-store.ts';
import type { Pictures } from './pictures.ts';
import type { Standing } from './standing.ts';

export type SendingDeps = {
  standing: Standing;
  attempts: Attempts;
  store: DeviceStore;
  pictures: Pictures;
  copyOf(circle: string): CircleCopy;
  now: () => number;
  /** Now by the hub's clock, as far as this device knows it. */
  hubNow: () => number;
  /** Something began or ended to be sent. */
  announce(): void;
};

export type Sending = ReturnType<typeof createSending>;

/** What goes out: records at once, pictures behind them. */
export function createSending(deps: SendingDeps) {
  const { standing, attempts, store, pictures, copyOf, announce } = deps;
  let underWay = 0;

  async function sendFrom(circle: string): Promise<boolean> {
    if (!standing.follows(circle)) return true; // left meanwhile: what was not sent is kept for export
    underWay++;
    announce();
    try {
      return await attempts.attempt(() => copyOf(circle).send());
    } finally {
      underWay--;
      announce();
    }
  }

  const sendPictures = coalesced(async (): Promise<boolean> => {
    if ((await pictures.waiting(standing.followed())) === 0) return true;
    return attempts.attempt(() => pictures.upload());
  });

  return {
    isSending: () => underWay > 0,
    sendFrom,
    sendPictures,

    /** Everything that waits, pictures last. False when something still waits for the line. */
    async sendAll(): Promise<boolean> {
      let all = true;
      for (const circle of standing.followed()) {
        if ((await store.unsent.where('circle').equals(circle).count()) > 0) all = (await sendFrom(circle)) && all;
      }
      return (await sendPictures()) && all;
    },

    /** The hub has a picture now: its record says so. */
    async uploaded(circle: string, hash: string): Promise<void> {
      const copy = copyOf(circle);
      const record = await copy.log.get(photoId(standing.me().id, hash));
      const at = new Date(deps.hubNow()).toISOString();
      if (record) await copy.save({ ...record, uploadedAt: at, updatedAt: at });
      void sendFrom(circle);
    },

    /** The hub will never take a picture: it is listed with what was refused. */
    async refused(circle: string, hash: string, code: string): Promise<void> {
      const id = photoId(standing.me().id, hash);
      const record = (await copyOf(circle).log.get(id)) ?? {};
      await store.refused.put({ circle, id, code, reason: '', record, at: deps.now() });
      announce();
    }
  };
}

import { makeListing } from '#domain/listing/listing.ts';
import { openDevice } from '#data/device.ts';
import type { Me } from '#data/hub-api.ts';
import { newKey, nowText, write } from '#data/write.ts';

declare global {
  interface Window {
    /** Opens the shipped device for whoever is signed in on this origin. */
    openDevice(): Promise<void>;
    /** Saves a listing as the form for a new post does; the moment at which that began, on the system's clock. */
    save(circle: string, title: string): Promise<number>;
  }
}

export function offerSaving(): void {
  let me: Me | null = null;
  window.openDevice = async () => {
    me = (await (await fetch('/api/me')).json()) as Me;
    await openDevice(me);
  };
  window.save = async (circle, title) => {
    const from = performance.timeOrigin + performance.now();
    await write(circle, makeListing({ title }, { author: me!.id, now: nowText(), key: newKey() }));
    return from;
  };
}

import type { Me } from './hub-api.ts';
import { isDeviceStore, meSetting } from './names.ts';

/**
 * Who this browser's device store is of, or null. A browser writes localStorage down some seconds late, its databases at
 * once: a phone that dies just after signing in knows its person by these alone.
 */
export async function meInStore(): Promise<Me | null> {
  for (const { name } of await indexedDB.databases()) {
    const me = name && isDeviceStore(name) ? await readMe(name) : null;
    if (me) return me;
  }
  return null;
}

function readMe(name: string): Promise<Me | null> {
  return new Promise((done) => {
    const opening = indexedDB.open(name);
    // Deleted since it was listed: opening must not make it anew.
    opening.onupgradeneeded = () => opening.transaction?.abort();
    opening.onerror = () => done(null);
    opening.onsuccess = () => {
      const { result: database } = opening;
      const reading = database.transaction('settings').objectStore('settings').get(meSetting);
      reading.onsuccess = () => done((reading.result as { value: Me } | undefined)?.value ?? null);
      reading.onerror = () => done(null);
      database.close();
    };
  });
}

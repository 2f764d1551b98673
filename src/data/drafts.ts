import { ask } from './device.ts';
import { DeviceError } from './device-error.ts';

/** Words that the database would not take lie in a store beside it, with room of its own; pictures would fill it. */
const asidePrefix = 'jujube:draft:';

/** A draft kept on every keystroke; survives reloads and a closed browser, not a sign-out. */
export const drafts = {
  async get<T>(key: string): Promise<T | null> {
    const kept = localStorage.getItem(asidePrefix + key);
    if (kept !== null) return JSON.parse(kept) as T;
    try {
      return (await ask('getDraft', key)) as T | null;
    } catch (error) {
      if (!isStorageTrouble(error)) throw error;
      return null; // nothing can be read here now, and a form has to open all the same
    }
  },
  /** Whatever travels to a worker: pictures may be in it, runes' proxies not. */
  async set(key: string, value: unknown): Promise<void> {
    try {
      await ask('setDraft', key, value);
      localStorage.removeItem(asidePrefix + key);
    } catch (error) {
      if (!isStorageTrouble(error)) throw error;
      const text = wordsOf(value);
      if (text !== null) localStorage.setItem(asidePrefix + key, text);
    }
  },
  async remove(key: string): Promise<void> {
    localStorage.removeItem(asidePrefix + key);
    try {
      await ask('removeDraft', key);
    } catch (error) {
      if (!isStorageTrouble(error)) throw error; // said elsewhere, and a draft too many is no loss
    }
  }
};

/** What was put aside, for the file of what is unsent. */
export function draftsAside(): { key: string; value: unknown }[] {
  return Object.entries({ ...localStorage }).flatMap(([key, text]) =>
    key.startsWith(asidePrefix) ? [{ key: key.slice(asidePrefix.length), value: JSON.parse(text as string) }] : []
  );
}

const isStorageTrouble = (error: unknown) => error instanceof DeviceError && error.code.startsWith('storage-');

/** As JSON, or null when pictures are in it. */
function wordsOf(value: unknown): string | null {
  let holdsPictures = false;
  const text = JSON.stringify(value, (_, part) => ((holdsPictures ||= part instanceof Blob), part));
  return holdsPictures ? null : text;
}

import { ask } from './device.ts';

/** A draft kept on every keystroke; survives reloads and a closed browser, not a sign-out. */
export const drafts = {
  async get<T>(key: string): Promise<T | null> {
    return (await ask('getDraft', key)) as T | null;
  },
  /** Any JSON; runes' proxies too. */
  async set(key: string, value: unknown): Promise<void> {
    await ask('setDraft', key, JSON.parse(JSON.stringify(value)));
  },
  async remove(key: string): Promise<void> {
    await ask('removeDraft', key);
  }
};

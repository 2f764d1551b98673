import type { Bell } from '../bell.ts';
import type { Couch } from '../couch.ts';
import type { HubRecords } from '../hub-records.ts';
import type { Timers } from '../timers.ts';

export type NotaryDeps = {
  couch: Couch;
  bell: Bell;
  hubRecords: HubRecords;
  clock: () => number;
  timers: Timers;
};

export type Notary = {
  /** Resolves when everything that the notary has been told of so far is settled and on disk. */
  settled(): Promise<void>;
  /** Resolves when what was under way is on disk; nothing starts after it. */
  stop(): Promise<void>;
};

/** Settles who gets what is scarce (design §4). */
export function startNotary(_deps: NotaryDeps): Notary {
  return { settled: async () => {}, stop: async () => {} };
}

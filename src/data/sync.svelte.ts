import { ask, onDevice } from './device.ts';
import type { Status } from './status.ts';

export type Joining = { circle: string; done: number; total: number };

/** Where this device stands with the hub; visible and quiet. */
class Sync {
  waiting = $state(0);
  refused = $state(0);
  /** Since when, in milliseconds, the hub gave no answer; null while it does. */
  offlineSince = $state<number | null>(null);
  joining = $state.raw<Joining | null>(null);
  storage = $state<'ok' | 'full' | 'broken'>('ok');
  #sending = $state(false);
  state: 'saved' | 'sending' | 'offline' = $derived(
    this.offlineSince !== null ? 'offline' : this.#sending || this.waiting > 0 ? 'sending' : 'saved'
  );

  constructor() {
    onDevice((told) => {
      if (told.type === 'status') this.#take(told.status);
    });
  }

  /** Sends what waits and asks for what is new; resolves when both were tried. */
  async now(): Promise<void> {
    await ask('syncNow');
  }

  /** Nobody is signed in. */
  reset(): void {
    this.waiting = this.refused = 0;
    this.offlineSince = this.joining = null;
    this.storage = 'ok';
    this.#sending = false;
  }

  #take(status: Status): void {
    this.waiting = status.waiting;
    this.refused = status.refused;
    this.offlineSince = status.offlineSince;
    this.joining = status.joining;
    this.storage = status.storage;
    this.#sending = status.sending;
  }
}

export const sync = new Sync();

export type Joining = { circle: string; done: number; total: number };

class Sync {
  state = $state<'saved' | 'sending' | 'offline'>('saved');
  waiting = $state(0);
  refused = $state(0);
  offlineSince = $state<number | null>(null);
  joining = $state.raw<Joining | null>(null);
  storage = $state<'ok' | 'full' | 'broken'>('ok');

  /** Sync now: sends what waits and asks for what is new; resolves when both were tried. */
  async now(): Promise<void> {}

  /** Everything of mine that the hub has not got (waiting, refused, drafts), as one JSON file. */
  async exportUnsent(): Promise<Blob> {
    return new Blob(['{}'], { type: 'application/json' });
  }
}

export const sync = new Sync();

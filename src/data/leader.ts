import type { Timers } from './timers.ts';

export type LeaderDeps = {
  name: string;
  locks: Pick<LockManager, 'request'>;
  /** What tabs of this person tell each other; only beats are heard here. */
  channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;
  isVisible: () => boolean;
  now: () => number;
  timers: Timers;
  lead(): void;
  follow(): void;
};

// Phones suspend tabs that hold locks: a visible tab waits for three beats, then it leads itself.
const beatMs = 2_000;
const silenceMs = 6_000;

/**
 * One tab replicates (design §1). The lock goes to the next when a tab closes; a visible tab that hears no beat for
 * long enough steals it. Two leaders at once are harmless.
 */
export function joinTabs(deps: LeaderDeps): { stop(): void } {
  let isLeading = false;
  let isStopped = false;
  let heardAt = deps.now();
  let timer: unknown;
  let release: (() => void) | null = null;

  function ask(steal: boolean): void {
    let granted = false;
    const held = deps.locks.request(deps.name, { steal }, () => {
      if (isStopped) return;
      granted = true;
      isLeading = true;
      deps.lead();
      beat();
      return new Promise<void>((done) => (release = done));
    });
    held.catch(() => {
      // Stolen from me, or refused: stand in line again.
      if (granted) {
        isLeading = false;
        deps.follow();
      }
      if (!isStopped) ask(false);
    });
  }

  function beat(): void {
    if (isLeading) deps.channel.postMessage({ type: 'beat' });
    else if (deps.isVisible() && deps.now() - heardAt > silenceMs) {
      heardAt = deps.now();
      ask(true);
    }
  }

  function keepBeating(): void {
    timer = deps.timers.set(() => {
      beat();
      keepBeating();
    }, beatMs);
  }

  deps.channel.addEventListener('message', (event) => {
    if ((event.data as { type?: string }).type === 'beat') heardAt = deps.now();
  });
  keepBeating();
  ask(false);

  return {
    stop() {
      isStopped = true;
      deps.timers.clear(timer);
      release?.();
    }
  };
}

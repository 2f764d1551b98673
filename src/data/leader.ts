export type LeaderDeps = {
  name: string;
  locks: LockManager;
  /** What tabs of this person tell each other; only beats are heard here. */
  channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;
  isVisible: () => boolean;
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
  let heardAt = Date.now();
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
    else if (deps.isVisible() && Date.now() - heardAt > silenceMs) {
      heardAt = Date.now();
      ask(true);
    }
  }

  deps.channel.addEventListener('message', (event) => {
    if ((event.data as { type?: string }).type === 'beat') heardAt = Date.now();
  });
  const timer = setInterval(beat, beatMs);
  ask(false);

  return {
    stop() {
      isStopped = true;
      clearInterval(timer);
      release?.();
    }
  };
}

import type { HubLog } from './hub-log.ts';
import type { Photos } from './photos.ts';
import type { Sessions } from './sessions.ts';
import type { Timers } from './timers.ts';

const dayMs = 86_400_000;
const hourMs = dayMs / 24;

type Deps = {
  photos: Pick<Photos, 'sweep'>;
  sessions: Pick<Sessions, 'sweep'>;
  timers: Timers;
  log: Pick<HubLog, 'info' | 'error'>;
};

/** Once a day takes away old pictures and sessions that are over. What fails is tried again the next day. */
export function startTidying({ photos, sessions, timers, log }: Deps): { stop(): Promise<void> } {
  async function tidy(): Promise<void> {
    try {
      const pictures = await photos.sweep();
      const over = await sessions.sweep();
      log.info({ pictures, sessions: over }, 'tidied up');
    } catch (error) {
      log.error(
        { error: String(error) },
        'could not take away old pictures and sessions and tries again tomorrow; if this goes on, see what the error names'
      );
    }
    if (!isStopped) next = timers.set(() => void tidy(), dayMs);
  }

  let isStopped = false;
  // Not at once: a start has better things to do, and one that is repeated all the time needs no tidying.
  let next = timers.set(() => void tidy(), hourMs);

  return {
    async stop() {
      isStopped = true;
      timers.clear(next);
    }
  };
}

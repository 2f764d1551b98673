import { RemoteError } from './remote.ts';
import { storageTrouble } from './storage-trouble.ts';

export type Attempts = ReturnType<typeof createAttempts>;

/** Everything that asks the hub goes through here: what its answers say of line, session and store is told, never thrown. */
export function createAttempts(deps: {
  /** The hub asks the same person to sign in again. */
  signedOut(): void;
  /** A circle was not found: `/api/me` tells whether it is still mine. */
  circleGone(): void;
  storeTroubled(error: unknown): Promise<void>;
  /** It did not get through, and is to be tried again before long. */
  failed(): void;
  report(error: unknown): void;
}) {
  let isSignedOut = false;
  let isOver = false;

  async function judge(error: unknown): Promise<void> {
    if (isOver) return; // the stores were closed under what was under way
    const status = error instanceof RemoteError ? error.status : (error as { status?: number }).status;
    if (status === 401) {
      isSignedOut = true;
      deps.signedOut();
    } else if (status === 404) deps.circleGone();
    else if (storageTrouble(error)) await deps.storeTroubled(error);
    else if (status === undefined) deps.report(error);
  }

  return {
    /** Whether the work was done; while nobody is signed in nothing is tried. */
    async attempt(work: () => Promise<unknown>): Promise<boolean> {
      if (isSignedOut || isOver) return false;
      try {
        await work();
        return true;
      } catch (error) {
        await judge(error);
        if (!isSignedOut) deps.failed();
        return false;
      }
    },
    end: () => void (isOver = true),
    resume: () => void (isSignedOut = false)
  };
}

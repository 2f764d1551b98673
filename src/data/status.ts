import { coalesced } from './coalesced.ts';
import { storageTrouble } from './storage-trouble.ts';

/** What the sync line says. */
export type Status = {
  waiting: number;
  refused: number;
  sending: boolean;
  offlineSince: number | null;
  joining: { circle: string; done: number; total: number } | null;
  storage: 'ok' | 'full' | 'broken';
  clockOffsetMs: number;
};

export type StatusTeller = ReturnType<typeof createStatusTeller>;

/** Tells the status again whenever a part of it may have changed; changes while it is read share one further reading. */
export function createStatusTeller(deps: {
  read(): Promise<Status>;
  tell(status: Status): void;
  report(error: unknown): void;
}) {
  let isClosed = false;

  const tell = coalesced(async () => {
    if (!isClosed) deps.tell(await deps.read());
  });

  return {
    tell,
    /** Behind the caller's back; a store that was closed meanwhile has nothing to tell. */
    announce: () => void tell().catch((error: unknown) => storageTrouble(error) ?? deps.report(error)),
    close: () => void (isClosed = true)
  };
}

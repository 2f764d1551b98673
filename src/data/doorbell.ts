import type { Stored } from './log.ts';
import type { Told } from './replicate.ts';

/** What the hub rings: something is new in a circle (or in `me`), or `/api/me` should be read again. */
export type Ring = { circle: string; seq?: string; told?: Told } | { me: true };

export type DoorbellDeps = {
  url: string;
  open: (url: string) => EventSource;
  rang(ring: Ring): void;
  /** The stream stands; whatever was missed meanwhile is rung now. */
  connected(): void;
  /** The stream broke; `connect` is for the caller to call again, when it thinks fit. */
  broke(): void;
};

/** One server-sent-event stream a device, in the leader's worker. */
export function createDoorbell(deps: DoorbellDeps) {
  let source: EventSource | null = null;

  function disconnect(): void {
    source?.close();
    source = null;
  }

  return {
    /** The stream stands or is being opened. */
    isConnected: () => source !== null,
    disconnect,
    connect(): void {
      disconnect();
      const mine = deps.open(deps.url);
      source = mine;
      mine.onopen = () => deps.connected();
      mine.onmessage = (event) => {
        const ring = parseRing(event.data);
        if (ring) deps.rang(ring);
      };
      // A browser's own retry gives up on some answers and hammers on others: the keeper decides instead.
      mine.onerror = () => {
        if (source !== mine) return;
        disconnect();
        deps.broke();
      };
    }
  };
}

function parseRing(data: unknown): Ring | null {
  try {
    const { circle, seq, me, from, docs } = JSON.parse(String(data)) as Record<string, unknown>;
    if (me === true) return { me };
    if (typeof circle !== 'string') return null;
    const told =
      Array.isArray(docs) && docs.every(isStored) ? { told: { docs, from: textOr(from), to: textOr(seq) } } : {};
    return { circle, seq: textOr(seq), ...told };
  } catch {
    return null;
  }
}

const textOr = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function isStored(doc: unknown): doc is Stored {
  const { _id, _rev } = (doc ?? {}) as Record<string, unknown>;
  return typeof _id === 'string' && typeof _rev === 'string';
}

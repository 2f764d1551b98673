import type { OutboxItem, RefusedItem } from './views.ts';

export type Outbox = { waiting: OutboxItem[]; refused: RefusedItem[] };

/** What still waits on this device, and what the hub refused, with why. */
export async function outbox(): Promise<Outbox> {
  return { waiting: [], refused: [] };
}

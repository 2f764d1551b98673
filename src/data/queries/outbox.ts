import { ask } from '../device.ts';
import type { DoubtedItem, OutboxItem, RefusedItem } from '#domain/views.ts';

export type Outbox = { waiting: OutboxItem[]; refused: RefusedItem[]; doubted: DoubtedItem[] };

/** What still waits on this device; what the hub refused, with why; what of its answers does not add up. */
export function outbox(): Promise<Outbox> {
  return ask('outbox');
}

/** A doubted answer was read: it need not be said again. */
export function readDoubted(circle: string, id: string): Promise<void> {
  return ask('readDoubted', circle, id);
}

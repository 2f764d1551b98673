import { ask } from '../device.ts';
import type { OutboxItem, RefusedItem } from './views.ts';

export type Outbox = { waiting: OutboxItem[]; refused: RefusedItem[] };

/** What still waits on this device, and what the hub refused, with why. */
export function outbox(): Promise<Outbox> {
  return ask('outbox');
}

import { ask } from '../device.ts';
import type { ListingDetail } from '#domain/views.ts';

/** Everything the item's screen shows, or null when this device has no such listing. */
export function listingDetail(circle: string, id: string): Promise<ListingDetail | null> {
  return ask('listingDetail', circle, id);
}

import { ask } from '../device.ts';
import type { ListingView } from '#domain/listing/listing-view.ts';
import type { CommentView, MessageView, PersonView, PhotoView, SendState } from './views.ts';

export type ListingDetail = {
  view: ListingView;
  circle: string;
  people: Record<string, PersonView>;
  comments: CommentView[];
  photos: PhotoView[];
  messages: MessageView[];
  sendState: SendState;
  refusedReason?: string;
};

/** Everything the item's screen shows, or null when this device has no such listing. */
export function listingDetail(circle: string, id: string): Promise<ListingDetail | null> {
  return ask('listingDetail', circle, id);
}

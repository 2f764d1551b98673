import type { ListingView } from '#domain/listing/listing-view.ts';

/** What the screens need of a picture, a person and a card; the queries' views fit them. */
export type PhotoLook = { id: string; width: number; height: number; thumbhash: string };
export type PersonLook = { id: string; name: string; face?: PhotoLook; leftAt?: string };

export type CardLook = Pick<
  ListingView,
  | 'id'
  | 'author'
  | 'title'
  | 'direction'
  | 'price'
  | 'haggle'
  | 'quantity'
  | 'unit'
  | 'createdAt'
  | 'state'
  | 'left'
  | 'mine'
> & { circle: string; authorName: string; cover: PhotoLook | null; heldFor?: string[] };

export type LoadPhoto = (photo: string, size: 320 | 'full') => Promise<string | null>;

export type CommentLook = {
  id: string;
  author: string;
  authorName: string;
  text: string;
  createdAt: string;
  mine: boolean;
  hidden: { by: string; reason: string } | null;
};

export type MessageLook = {
  id: string;
  from: string;
  fromName: string;
  to: string[];
  text: string;
  createdAt: string;
  mine: boolean;
};

export type ListingLook = {
  view: ListingView;
  circle: string;
  people: Record<string, PersonLook>;
  comments: CommentLook[];
  photos: PhotoLook[];
  messages: MessageLook[];
  sendState: 'device' | 'sent' | 'refused';
  refusedReason?: string;
};

import type { Role } from './kinds.ts';
import type { ListingView } from './listing/listing-view.ts';

/** What the device's answers hold and the screens show: the shapes alone, since neither may know the other. */
export type PhotoView = {
  id: string;
  circle: string;
  width: number;
  height: number;
  thumbhash: string;
  /** The hub has it, or it is mine: it can be asked for. */
  isThere: boolean;
};

export type PersonView = {
  id: string;
  name: string;
  face?: PhotoView;
  /** Her payment code: a photo record's id, or a link. */
  payment?: string;
  role: Role;
  invitedBy?: string;
  joinedAt: string;
  leftAt?: string;
};

export type ShelfCard = Pick<
  ListingView,
  | 'id'
  | 'author'
  | 'title'
  | 'direction'
  | 'price'
  | 'haggle'
  | 'quantity'
  | 'unit'
  | 'rule'
  | 'category'
  | 'condition'
  | 'closesAt'
  | 'createdAt'
  | 'state'
  | 'left'
  | 'mine'
  | 'place'
  | 'why'
  | 'myQuantity'
> & {
  circle: string;
  authorName: string;
  cover: PhotoView | null;
  /** Names of those to whom it is given, for the card's "kept for Xiaoyu"; absent while nobody is. */
  heldFor?: string[];
};

export type CommentView = {
  id: string;
  author: string;
  authorName: string;
  text: string;
  createdAt: string;
  mine: boolean;
  hidden: { by: string; reason: string } | null;
};

export type MessageView = {
  id: string;
  from: string;
  fromName: string;
  to: string[];
  text: string;
  circle: string;
  /** The item it is about, and that one's title where this device has it. */
  listing?: string;
  title?: string;
  createdAt: string;
  mine: boolean;
};

/** Where a record of mine stands: only here, at the hub, or refused by it and why. What is not mine is `sent`. */
export type Sending = { state: 'device' | 'sent' } | { state: 'refused'; code: string };

export type ListingDetail = {
  view: ListingView;
  circle: string;
  people: Record<string, PersonView>;
  comments: CommentView[];
  photos: PhotoView[];
  messages: MessageView[];
  sending: Sending;
  /** My claim on it. */
  claimSending: Sending;
};

export type MyThing = ShelfCard & { circleName: string };

export type OutboxItem = {
  circle: string;
  id: string;
  kind: string;
  title: string;
  at: string;
  /** How many pictures go with it. */
  pictures?: number;
};
export type RefusedItem = OutboxItem & { code: string; text: string; field?: string };
/** An answer of the hub's that gives more than there is, or lost what it had given. */
export type DoubtedItem = OutboxItem & { code: 'oversold' | 'vanished'; listing: string };

export type CircleView = {
  id: string;
  name: string;
  circleKind: 'circle' | 'chapter';
  role: Role;
  rules?: string;
  city?: string;
  parent?: string;
  leftAt?: string;
};

/** Something of the circle that concerns me: somebody asks for my thing, or the hub answered my wish. */
export type NewsView = {
  circle: string;
  circleName: string;
  listing: string;
  title: string;
  what: 'asked' | 'given' | 'waiting' | 'to-confirm' | 'refused' | 'comment' | 'handed-over';
  person: string;
  personName: string;
  at: string;
};

import type { PlaceView } from '#domain/listing/listing-view.ts';

export type PaidHow = 'cash' | 'transfer' | 'other';

/** What a person can do on an item's screen; the route carries it out and resolves with whether it was done. */
export type ListingActs = {
  claim: (quantity: number) => Promise<boolean>;
  confirm: () => Promise<boolean>;
  withdraw: () => Promise<boolean>;
  receive: (on: boolean) => Promise<boolean>;
  pay: (how: PaidHow | null) => Promise<boolean>;
  pick: (place: PlaceView) => Promise<boolean>;
  handOver: (place: PlaceView, on: boolean) => Promise<boolean>;
  seePaid: (place: PlaceView, on: boolean) => Promise<boolean>;
  comment: (text: string) => Promise<boolean>;
  dropComment: (id: string) => Promise<boolean>;
  whisper: (to: string, text: string) => Promise<boolean>;
  close: () => Promise<boolean>;
  reopen: () => Promise<boolean>;
  retire: () => Promise<boolean>;
  again: () => Promise<boolean>;
  hide: (id: string, reason: string) => Promise<boolean>;
  unhide: (id: string) => Promise<boolean>;
};

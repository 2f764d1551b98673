import { claimId, makeClaim, type Claim } from '#domain/claim/claim.ts';
import { makeComment } from '#domain/comment/comment.ts';
import { makeHandover, type Handover } from '#domain/handover/handover.ts';
import { hideId, makeHide, type Hide } from '#domain/hide/hide.ts';
import type { RecordId } from '#domain/id.ts';
import type { ListingView, PlaceView } from '#domain/listing/listing-view.ts';
import { makeMessage } from '#domain/message/message.ts';
import { makePick } from '#domain/pick/pick.ts';
import type { AnyRecord } from '#domain/record.ts';
import { change, newKey, nowText, removeRecord, write } from '#data/write.ts';
import { m } from '#messages';
import { showToast } from '#ui/kit/toast.svelte.ts';
import type { ListingActs } from '#ui/listing/acts.ts';
import { changeListing, retire } from './changes.ts';

type Raw = { [Name in keyof ListingActs]: (...args: Parameters<ListingActs[Name]>) => unknown };
type Context = { circle: string; me: string; view: () => ListingView; again: () => void };

/** What one can do with an item, each as a record of one's own (R3); whatever can be taken back offers "Undo". */
export function listingActs({ circle, me, view, again }: Context): Raw {
  const at = () => ({ author: me, now: nowText() });
  const myClaim = () => claimId(me, view().id);
  const changeClaim = (fields: Partial<Claim>) =>
    change<Claim>(circle, myClaim(), (claim) => ({ ...claim, ...fields }));

  // What one says again is a further revision of the same record, and keeps what it does not touch (R2, R4).
  async function put<T extends AnyRecord>(record: T) {
    try {
      await change<T>(circle, record._id, (before) => ({ ...before, ...record, createdAt: before.createdAt }));
    } catch (reason) {
      if ((reason as { code?: string }).code !== 'not-found') throw reason;
      await write(circle, record);
    }
  }

  const tick = ({ claim }: PlaceView, fields: Partial<Handover>) =>
    put({ ...makeHandover({ subject: claim }, at()), ...fields });

  return {
    async claim(quantity) {
      const claim = makeClaim({ subject: view().id, quantity, terms: view().terms }, at());
      await put({ ...claim, paid: undefined, receivedAt: undefined });
    },
    async confirm() {
      await changeClaim({ terms: view().terms });
    },
    async withdraw() {
      await changeClaim({ status: 'withdrawn' });
      showToast({
        text: m.listing_withdrew(),
        undo: () => void changeClaim({ status: 'standing', terms: view().terms })
      });
    },
    receive: (on) => changeClaim({ receivedAt: on ? nowText() : undefined }),
    pay: (how) => changeClaim({ paid: how ? { how, at: nowText() } : undefined }),
    pick: (place) => put(makePick({ subject: place.claim, status: 'standing' }, at())),
    handOver: (place, on) => tick(place, { handedOverAt: on ? nowText() : undefined }),
    seePaid: (place, on) => tick(place, { paidAt: on ? nowText() : undefined }),
    comment: (text) => write(circle, makeComment({ subject: view().id, text }, { ...at(), key: newKey() })),
    dropComment: (id) => removeRecord(circle, id),
    whisper: (to, text) =>
      write('me', makeMessage({ to: [to], subject: view().id, circle, text }, { ...at(), key: newKey() })),
    async close() {
      await changeListing(circle, view().id, { status: 'closed' });
      showToast({ text: m.listing_closed(), undo: () => void changeListing(circle, view().id, { status: 'open' }) });
    },
    reopen: () => changeListing(circle, view().id, { status: 'open' }),
    retire: () => retire(circle, [view().id]),
    again,
    async hide(id, reason) {
      await put(makeHide({ subject: id as RecordId, reason, status: 'standing' }, at()));
      const back = (hide: Hide): Hide => ({ ...hide, status: 'withdrawn' });
      showToast({ text: m.listing_was_hidden(), undo: () => void change<Hide>(circle, hideId(me, id), back) });
    },
    unhide: (id) => change<Hide>(circle, hideId(me, id), (hide) => ({ ...hide, status: 'withdrawn' }))
  };
}

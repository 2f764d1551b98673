import { live } from '#data/live.svelte.ts';
import { photoUrl } from '#data/photos.ts';
import { profile, type ProfileView } from '#data/queries/profile.ts';
import { session } from '#data/session.svelte.ts';
import type { PhotoView } from '#domain/views.ts';

const loader = (photo: PhotoView | undefined) => (photo ? () => photoUrl(photo.circle, photo.id, 320) : undefined);

/** What I say of myself, as the first of my circles has it, with my pictures ready to be asked for. */
export function myProfile() {
  const circle = $derived(session.me?.circles.find(({ leftAt }) => !leftAt)?.id);
  const mine = live(
    async () => (circle && session.me ? profile(circle, session.me.id) : null),
    null as ProfileView | null
  );
  const face = $derived(loader(mine.current?.face));
  const paymentCode = $derived(loader(mine.current?.paymentCode));
  return {
    get current() {
      return mine.current;
    },
    get face() {
      return face;
    },
    get paymentCode() {
      return paymentCode;
    }
  };
}

import { ask } from '../device.ts';
import type { PhotoView } from '#domain/views.ts';

export type ProfileView = { name: string; face?: PhotoView; paymentLink?: string; paymentCode?: PhotoView };

/** What I say of myself to a circle, as this device has it; null before the first word. */
export function profile(circle: string, me: string): Promise<ProfileView | null> {
  return ask('profile', circle, me);
}

import type { PhotoView } from './views.ts';

export type ProfileView = { name: string; face?: PhotoView; paymentLink?: string; paymentCode?: PhotoView };

/** What I say of myself to a circle, as this device has it; null before the first word. */
export async function profile(circle: string, me: string): Promise<ProfileView | null> {
  void [circle, me];
  return null;
}

import { personId } from '#domain/person/person.ts';
import type { ProfileView } from '../queries/profile.ts';
import { photosOf, type Desk } from './desk.ts';

/** What a person says of herself to a circle; null before her first word. */
export async function profile(desk: Desk, circle: string, person: string): Promise<ProfileView | null> {
  const record = (await desk.model.person.get([circle, personId(person)]))?.record;
  if (!record) return null;
  const { name, face = '', payment = '' } = record;
  const photos = await photosOf(desk, circle, [face, payment]);
  const paymentCode = photos.get(payment);
  return { name, face: photos.get(face), paymentCode, paymentLink: paymentCode ? undefined : record.payment };
}

import { makePerson, personId, type Person } from '#domain/person/person.ts';
import { hubApi } from './hub-api.ts';
import { addPhoto, dropPhotos } from './photos.ts';
import { profile } from './queries/profile.ts';
import { session } from './session.svelte.ts';
import { change, nowText, write } from './write.ts';

/** A field that is missing stays, null goes. A picture is taken into each circle: what a circle shows is at home in it. */
export type ProfileChange = { name?: string; face?: Blob; payment?: string | Blob | null };

/** Tells all my circles at once who I am; goes out when there is a network like any other record. */
export async function saveProfile(wanted: ProfileChange): Promise<void> {
  const { me } = session;
  if (!me) return;
  for (const { id: circle, leftAt } of me.circles) if (!leftAt) await saveIn(circle, me, wanted);
  if (wanted.name && wanted.name !== me.name) await renameAccount(wanted.name);
}

async function saveIn(circle: string, me: { id: string; name: string }, wanted: ProfileChange): Promise<void> {
  const fields: Partial<Person> = {};
  if (wanted.name) fields.name = wanted.name;
  if (wanted.face) fields.face = (await addPhoto(circle, wanted.face)) as Person['face'];
  if (wanted.payment instanceof Blob) fields.payment = (await addPhoto(circle, wanted.payment)) as Person['payment'];
  else if (wanted.payment !== undefined) fields.payment = wanted.payment || undefined;
  if (await profile(circle, me.id)) {
    let before: Person | undefined;
    await change<Person>(circle, personId(me.id), (person) => ({ ...(before = person), ...fields }));
    return dropPhotos(
      circle,
      [before?.face, before?.payment].filter((id) => id !== undefined)
    );
  }
  return write(circle, makePerson({ name: me.name, ...fields }, { author: me.id, now: nowText() }));
}

/** The account's own name greets at sign-in and on invites; offline the circles know first and the hub another time. */
async function renameAccount(name: string): Promise<void> {
  try {
    await hubApi.rename(name);
    await session.refresh();
  } catch (error) {
    if ((error as { code?: string }).code !== 'offline') throw error;
  }
}

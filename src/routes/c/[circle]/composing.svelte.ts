import type { RecordId } from '#domain/id.ts';
import type { ListingBody } from '#domain/listing/listing.ts';
import { drafts } from '#data/drafts.ts';
import { addPhoto } from '#data/photos.ts';
import { m } from '#messages';
import { refusedWords } from '#ui/me/kind-words.ts';
import { bodyOf, newDraft, type DraftPhoto, type PostDraft, type Problems } from '#ui/post/draft.ts';

/** What the next post starts with, since people post alike. */
const rememberedKey = 'post remembered';
type Remembered = Pick<PostDraft, 'condition' | 'rule'>;

/** Not what belongs to the one thing alone: its kind, or what it is counted in. */
export async function rememberedChoices(): Promise<Partial<PostDraft>> {
  const { condition, rule } = (await drafts.get<Partial<Remembered>>(rememberedKey)) ?? {};
  return { conditionAsLast: condition !== undefined, condition, ...(rule && { rule }) };
}

type Beginning = { draft: PostDraft; photos: DraftPhoto[] };

// Absent and undefined are the same choice, and a picture is known by its key.
const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/**
 * A post or an edit while it is written. Whatever differs from how it began is kept under `key`, words and pictures apart,
 * and taken up again; pictures stay on this device and nobody's business until it goes out, when they are taken into the
 * circle one by one.
 */
export class Composing {
  draft = $state<PostDraft>(newDraft());
  photos = $state.raw<DraftPhoto[]>([]);
  progress = $state<string | null>(null);
  failed = $state.raw<Problems>({});
  found = $state(false);
  ready = $state(false);
  #key: string;
  #photosKey: string;
  #begin: () => Beginning | Promise<Beginning>;
  #beginning: Beginning = { draft: newDraft(), photos: [] };

  /** Takes up what was kept under `key`, else what `begin` gives. */
  constructor(key: string, begin: () => Beginning | Promise<Beginning>) {
    this.#key = key;
    this.#photosKey = `${key} photos`;
    this.#begin = begin;
    void this.#open();
    $effect(() => {
      const draft = $state.snapshot(this.draft);
      if (this.ready) void this.#keep(this.#key, draft, this.#beginning.draft);
    });
  }

  async #open() {
    const beginning = (this.#beginning = await this.#begin());
    const draft = (await drafts.get<PostDraft>(this.#key)) ?? beginning.draft;
    const photos = (await drafts.get<DraftPhoto[]>(this.#photosKey)) ?? beginning.photos;
    this.found = !isSame({ draft, photos }, beginning);
    this.draft = draft;
    this.photos = photos;
    this.ready = true;
  }

  setPhotos(photos: DraftPhoto[]) {
    this.photos = photos;
    this.failed = {};
    void this.#keep(this.#photosKey, photos, this.#beginning.photos);
  }

  #keep(key: string, now: unknown, begun: unknown) {
    return isSame(now, begun) ? drafts.remove(key) : drafts.set(key, now);
  }

  /** Lets go of what was kept and begins anew. */
  async clear() {
    await this.#forget();
    await this.#open();
  }

  async #forget() {
    this.ready = false;
    await drafts.remove(this.#key);
    await drafts.remove(this.#photosKey);
  }

  /** Takes the pictures in and hands the record's fields to `save`; what went wrong is said beside its field. */
  async publish(circle: string, save: (body: ListingBody) => Promise<void>): Promise<boolean> {
    this.failed = {};
    try {
      const ids = await this.#takePhotosIn(circle);
      if (ids === null) return false;
      this.progress = '';
      await save(bodyOf($state.snapshot(this.draft), ids));
      const { condition, rule } = $state.snapshot(this.draft);
      await drafts.set(rememberedKey, { condition, rule } satisfies Remembered);
      await this.#forget();
      return true;
    } catch (reason) {
      this.failed = { words: refusedWords((reason as { code?: string }).code ?? '') };
      return false;
    } finally {
      this.progress = null;
    }
  }

  async #takePhotosIn(circle: string): Promise<RecordId[] | null> {
    const ids: RecordId[] = [];
    for (const [index, photo] of this.photos.entries()) {
      this.progress = m.post_taking_photo({ number: index + 1, total: this.photos.length });
      try {
        ids.push('id' in photo ? photo.id : ((await addPhoto(circle, photo.blob)) as RecordId));
      } catch (reason) {
        const isFull = (reason as { code?: string }).code === 'storage-full';
        const words = isFull ? m.post_photo_no_room : m.post_photo_failed;
        this.failed = { photos: words({ number: index + 1 }) };
        return null;
      }
    }
    return ids;
  }
}

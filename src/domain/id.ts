/** `author:kind:key` (R1, R2): who may write a record, what it is, and which of that person's it is. */
export type RecordId = `${string}:${string}:${string}`;

/** An account id, or `hub` (R11). */
export type Author = string;

/** The hub's own name as an author; never a person's. */
export const hubAuthor = 'hub';

const nameForm = /^[a-z0-9][a-z0-9-]{1,39}$/;
const kindForm = /^[a-z]{2,20}$/;
const plainKeyForm = /^[a-z0-9-]{1,40}$/;
const hashForm = /^[0-9a-f]{64}$/;
/** Room for a subject within a subject within a subject; what stands deeper answers to something nearer the root. */
const longestId = 240;

/** Whether this can be an account: never `hub`, the author (R11), nor `me`, the path of one's own database (R13). */
export function isAccountId(text: unknown): text is string {
  return typeof text === 'string' && nameForm.test(text) && text !== hubAuthor && text !== 'me';
}

/** Whether this can be a circle; the same form as an account, and never the same draw. */
export const isCircleId: (text: unknown) => text is string = isAccountId;

/** Whether this is a picture's SHA-256, in lower-case hex. */
export function isPhotoHash(text: unknown): text is string {
  return typeof text === 'string' && hashForm.test(text);
}

/** The parts of a record's id, or null for anything that is none. Total: any value may be asked about. */
export function parseRecordId(id: unknown): { author: Author; kind: string; key: string } | null {
  if (typeof id !== 'string' || id.length > longestId) return null;
  const first = id.indexOf(':');
  const second = id.indexOf(':', first + 1);
  if (first < 0 || second < 0) return null;
  const parts = { author: id.slice(0, first), kind: id.slice(first + 1, second), key: id.slice(second + 1) };
  return isAuthor(parts.author) && kindForm.test(parts.kind) && isKey(parts.key) ? parts : null;
}

/** R2: the one id for this author, kind and key. Throws RangeError where no record could have it. */
export function recordId(author: Author, kind: string, key: string): RecordId {
  const id: RecordId = `${author}:${kind}:${key}`;
  const parts = parseRecordId(id);
  if (parts?.author !== author || parts.kind !== kind) throw new RangeError(`No record can have the id ${id}`);
  return id;
}

/** A key that sorts by time: a UUIDv7 (RFC 9562) of milliseconds and ten random bytes. */
export function timeKey(now: number, random: (bytes: number) => Uint8Array): string {
  const tail = Uint8Array.from(random(10));
  tail[0] = (tail[0]! & 0x0f) | 0x70;
  tail[2] = (tail[2]! & 0x3f) | 0x80;
  const hex =
    now.toString(16).padStart(12, '0') + Array.from(tail, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function isAuthor(text: string): boolean {
  return text === hubAuthor || isAccountId(text);
}

function isKey(text: string): boolean {
  return plainKeyForm.test(text) || isPhotoHash(text) || parseRecordId(text) !== null;
}

/** R1: who wrote the record of this id. */
export function authorOf(id: RecordId): Author {
  return id.slice(0, id.indexOf(':'));
}

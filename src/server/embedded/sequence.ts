/**
 * Sequences as clients see them: `12-<database's own name for itself>`, opaque like CouchDB's. One that another database gave out (one
 * of the same name, deleted and made again) or that lies ahead of this one (it was restored from a backup) starts from the beginning.
 */
export function sequenceText(seq: number, instance: string): string {
  return `${seq}-${instance}`;
}

/** The number to read on from; null when the text is no sequence at all. */
export function parseSequence(text: string, instance: string, current: number): number | null {
  if (text === 'now') return current;
  const match = /^"?(\d{1,15})(?:-([\w-]+))?"?$/.exec(text);
  if (!match) return null;
  const seq = Number(match[1]);
  const foreign = match[2] !== undefined && match[2] !== instance;
  return foreign || seq > current ? 0 : seq;
}

/** What a failed write says about the store; `full` may be helped by letting pictures go. */
export function storageTrouble(error: unknown): 'full' | 'broken' | null {
  const text = describe(error);
  if (/quota/i.test(text)) return 'full';
  // Closed under the app, deleted by the browser, or its files gone bad: names of IndexedDB, PouchDB and Dexie.
  if (/InvalidState|DatabaseClosed|indexed_db_went_bad|UnknownError|closing|OpenFailed|MissingAPI/i.test(text))
    return 'broken';
  return null;
}

function describe(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 3) return String(error);
  const { name, message, reason, inner } = error as Record<string, unknown>;
  return [name, message, reason].filter(Boolean).join(' ') + (inner ? describe(inner, depth + 1) : '');
}

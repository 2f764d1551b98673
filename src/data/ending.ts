/*
 * Signed out, and not done with it yet: the hub's session is to be ended, before anything is shown, and what is left of the person to be
 * deleted. localStorage reaches the disk seconds late, so that after a crash it may be behind, either way; an empty database is there, or
 * gone, from the moment on. By that alone anything is deleted; the other mark stands in where databases fail.
 */

export const endingKey = 'jujube:end-session';

export const seemsEnding = (): boolean => localStorage.getItem(endingKey) !== null;

/** Rejects where the browser cannot tell of its databases. */
export async function isEnding(): Promise<boolean> {
  return (await indexedDB.databases()).some(({ name }) => name === endingKey);
}

/** Resolves when the mark outlives the browser. */
export async function markEnding(): Promise<void> {
  localStorage.setItem(endingKey, '1');
  await settled(indexedDB.open(endingKey));
}

export async function unmarkEnding(): Promise<void> {
  localStorage.removeItem(endingKey);
  await settled(indexedDB.deleteDatabase(endingKey));
}

function settled(request: IDBOpenDBRequest): Promise<void> {
  return new Promise((done) => {
    request.onsuccess = () => {
      (request.result as IDBDatabase | undefined)?.close();
      done();
    };
    request.onerror = request.onblocked = () => done();
  });
}

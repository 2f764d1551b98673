/** Many readers or one writer, in order of asking. */
export type Lock = {
  read<T>(work: () => Promise<T>): Promise<T>;
  write<T>(work: () => Promise<T>): Promise<T>;
};

/**
 * PouchDB reads a change row and then, elsewhere, the winning revision that it points to; a write in between that compacts it away makes
 * PouchDB throw where nothing can catch it. So scans and writes of one database take turns.
 */
export function createLock(): Lock {
  const waiting: { writer: boolean; go: () => void }[] = [];
  let readers = 0;
  let writing = false;

  const admit = () => {
    for (let next = waiting[0]; next && !writing && !(next.writer && readers > 0); next = waiting[0]) {
      waiting.shift();
      if (next.writer) writing = true;
      else readers += 1;
      next.go();
    }
  };

  const take = async <T>(writer: boolean, work: () => Promise<T>): Promise<T> => {
    await new Promise<void>((go) => {
      waiting.push({ writer, go });
      admit();
    });
    try {
      return await work();
    } finally {
      if (writer) writing = false;
      else readers -= 1;
      admit();
    }
  };

  return { read: (work) => take(false, work), write: (work) => take(true, work) };
}

import type { LogChange, LogSeq, Stored } from './log.ts';

// Pages wait here to be projected, which is at most one behind the log.
const waitingPages = 2;

/**
 * What a log took in page by page since it was empty: so that neither a page that was just written is read again to be
 * projected, nor the log is asked about each document of the next one. It is believed only as long as nobody else wrote:
 * so many new sequences as documents, and each page begins where the last one ended.
 */
export function createTaken() {
  const pages = new Map<LogSeq, { changes: LogChange[]; last: LogSeq }>();
  let all: { upTo: LogSeq; ids: Set<string> } | null = null;

  return {
    /** Which of these ids the log has, where that is known without asking it; `at` is its sequence now. */
    known(ids: string[], at: LogSeq): Set<string> | null {
      if (at === 0) all = { upTo: 0, ids: new Set() };
      const known = all?.upTo === at ? all.ids : null;
      return known && new Set(ids.filter((id) => known.has(id)));
    },

    /** These documents, new to the log when its sequence was `from`, were written. */
    wrote(docs: Stored[], from: LogSeq, last: LogSeq): void {
      if (Number(last) - Number(from) !== docs.length) return void (all = null);
      if (all?.upTo === from) {
        for (const { _id } of docs) all.ids.add(_id);
        all.upTo = last;
      }
      const changes = docs.map((doc): LogChange => ({ id: doc._id, revs: [doc._rev], doc }));
      pages.set(from, { changes, last });
      if (pages.size > waitingPages) pages.delete(pages.keys().next().value!);
    },

    /** The changes after `since`, once, where they are a page that waits. */
    page(since: LogSeq, limit: number): { changes: LogChange[]; last: LogSeq } | null {
      const page = pages.get(since);
      if (!page || page.changes.length > limit) return null;
      pages.delete(since);
      return page;
    },

    forget(): void {
      pages.clear();
      all = null;
    }
  };
}

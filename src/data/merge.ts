import { parseRecord, type AnyRecord } from '#domain/record.ts';
import { mergeRecords } from '#domain/kinds.ts';
import type { Doc, Log } from './log.ts';

/**
 * R10: one author with two devices can make a conflict; that author's device merges per kind, writes the result on the
 * winner and deletes the other branches. Revisions follow from content, so two devices that do this at once make the
 * same ones. Resolves with the ids that were merged and now wait to be sent.
 */
export async function mergeConflicts(log: Log, ids: Iterable<string>): Promise<string[]> {
  const merged: string[] = [];
  for (const id of ids) {
    const winner = await log.get(id);
    const losers = winner?._conflicts ?? [];
    if (!winner || losers.length === 0) continue;
    const others = (await log.leaves([id])).filter((leaf) => losers.includes(leaf._rev));
    // Every device folds in the same order, or their results would differ.
    others.sort((a, b) => (a._rev < b._rev ? -1 : 1));
    const record = others.reduce<AnyRecord | null>((whole, other) => {
      const branch = recordIn(other);
      return whole && branch ? mergeRecords(whole, branch) : (whole ?? branch);
    }, recordIn(winner));
    if (record) await log.put({ ...(record as unknown as Doc), _id: id, _rev: winner._rev });
    for (const other of others) await log.put({ _id: id, _rev: other._rev, _deleted: true });
    merged.push(id);
  }
  return merged;
}

function recordIn(doc: Doc): AnyRecord | null {
  const { _conflicts, _revisions, ...fields } = doc;
  void [_conflicts, _revisions];
  const parsed = parseRecord(fields);
  return parsed.ok ? parsed.record : null;
}

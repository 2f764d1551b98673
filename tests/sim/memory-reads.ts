import { docOf, winnerOf, type Change, type Revision, type Tree } from '../../src/data/testing/documents.ts';
import { Fault, living, missing, seqOf, type Json, type StoredDatabase } from './memory-database.ts';

const flag = (query: URLSearchParams, name: string) => query.get(name) === 'true';
const jsonOf = (query: URLSearchParams, name: string): unknown => JSON.parse(query.get(name) ?? 'null');

export const info = (name: string, { documents, instance }: StoredDatabase) => ({
  db_name: name,
  doc_count: [...documents.trees.values()].filter((tree) => !winnerOf(tree).isDeleted).length,
  update_seq: seqOf({ documents, instance }),
  purge_seq: '0',
  compact_running: false,
  instance_start_time: '0'
});

export function listed(names: string[], query: URLSearchParams): string[] {
  const [start, end] = [jsonOf(query, 'startkey') as string | null, jsonOf(query, 'endkey') as string | null];
  return names.filter((name) => (start === null || name >= start) && (end === null || name <= end));
}

/** One row a line, as CouchDB writes them: the gate reads by the line. */
function lines(head: string, rows: unknown[], tail: string): string {
  return `${head}[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]${tail}\n`;
}

export function changes({ documents, instance }: StoredDatabase, query: URLSearchParams, body: Json): string {
  const limit = query.has('limit') ? Math.max(1, Number(query.get('limit'))) : Infinity;
  const ids = query.get('filter') === '_doc_ids' ? new Set(body['doc_ids'] as string[]) : null;
  const from = flag(query, 'descending') ? 0 : placeOf(query.get('since') ?? '0', instance, documents.last());
  const all = flag(query, 'descending') ? documents.newest(limit) : documents.changes(from, ids ? Infinity : limit);
  const found = ids ? all.filter(({ id }) => ids.has(id)).slice(0, limit) : all;
  const last = found.length < limit && !flag(query, 'descending') ? documents.last() : (found.at(-1)?.seq ?? from);
  const rows = found.map((change) => changeRow(change, instance, query));
  return lines('{"results":', rows, `,\n"last_seq":"${last}-${instance}","pending":0}`);
}

function placeOf(since: string, instance: string, last: number): number {
  if (since === 'now') return last;
  const [seq = '', of] = since.split('-');
  if (!/^\d+$/.test(seq)) throw new Fault(400, 'bad_request', 'Malformed sequence supplied in `since` parameter.');
  return (of !== undefined && of !== instance) || Number(seq) > last ? 0 : Number(seq);
}

function changeRow({ id, seq, tree }: Change, instance: string, query: URLSearchParams) {
  const winner = winnerOf(tree);
  const leaves = query.get('style') === 'all_docs' ? [...tree.leaves] : [];
  const revs = [winner, ...leaves.filter((leaf) => leaf !== winner)].map(({ rev }) => ({ rev }));
  return {
    seq: `${seq}-${instance}`,
    id,
    changes: revs,
    ...(winner.isDeleted && { deleted: true }),
    ...(flag(query, 'include_docs') && { doc: docOf(tree, winner, { conflicts: flag(query, 'conflicts') }) })
  };
}

export function allDocs({ documents }: StoredDatabase, query: URLSearchParams, body: Json): string {
  const keys = (body['keys'] ?? jsonOf(query, 'keys')) as string[] | null;
  const total = [...documents.trees.values()].filter((tree) => !winnerOf(tree).isDeleted);
  const rows = keys
    ? keys.map((key) => keyRow(documents.tree(key), key, query))
    : range(total, query).map((tree) => docRow(tree, query));
  return lines(`{"total_rows":${total.length},"offset":0,"rows":`, rows, '}');
}

function range(living: Tree[], query: URLSearchParams): Tree[] {
  const descending = flag(query, 'descending');
  const [start, end] = ['startkey', 'endkey'].map((name) => jsonOf(query, name) as string | null);
  const [low, high] = descending ? [end, start] : [start, end];
  const found = living
    .filter(({ id }) => (low === null || id >= low!) && (high === null || id <= high!))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (descending) found.reverse();
  const skip = Number(query.get('skip') ?? 0);
  return found.slice(skip, query.has('limit') ? skip + Number(query.get('limit')) : undefined);
}

function docRow(tree: Tree, query: URLSearchParams) {
  const winner = winnerOf(tree);
  const doc = flag(query, 'include_docs') && { doc: docOf(tree, winner, { conflicts: flag(query, 'conflicts') }) };
  return { id: tree.id, key: tree.id, value: { rev: winner.rev }, ...doc };
}

function keyRow(tree: Tree | undefined, key: string, query: URLSearchParams) {
  if (!tree) return { key, error: 'not_found' };
  const winner = winnerOf(tree);
  if (!winner.isDeleted) return docRow(tree, query);
  const doc = flag(query, 'include_docs') && { doc: null };
  return { id: key, key, value: { rev: winner.rev, deleted: true }, ...doc };
}

export function read(database: StoredDatabase, id: string, query: URLSearchParams): unknown {
  const how = { revs: flag(query, 'revs'), conflicts: flag(query, 'conflicts') };
  const openRevs = query.get('open_revs');
  const tree = database.documents.tree(id);
  if (openRevs === 'all') {
    if (!tree) throw missing();
    return [...tree.leaves].map((leaf) => ({ ok: docOf(tree, leaf, { revs: how.revs }) }));
  }
  if (openRevs !== null)
    return (JSON.parse(openRevs) as string[]).flatMap((rev): object[] => {
      const found = readable(tree, rev, flag(query, 'latest'));
      return found.length > 0 ? found.map((each) => ({ ok: docOf(tree!, each, how) })) : [{ missing: rev }];
    });
  const rev = query.get('rev');
  if (rev === null) {
    const { winner } = living(database, id);
    return docOf(tree!, winner, how);
  }
  const [found] = readable(tree, rev, flag(query, 'latest'));
  if (!found) throw missing();
  return docOf(tree!, found, how);
}

/** The revision if its fields are still there; with `latest` the leaves that came of it. */
function readable(tree: Tree | undefined, rev: string, latest: boolean): Revision[] {
  const revision = tree?.revisions.get(rev);
  if (!tree || !revision) return [];
  if (latest) return [...tree.leaves].filter((leaf) => isAfter(leaf, revision));
  return revision.fields ? [revision] : [];
}

function isAfter(leaf: Revision, ancestor: Revision): boolean {
  for (let at: Revision | null = leaf; at; at = at.parent) if (at === ancestor) return true;
  return false;
}

export function bulkGet({ documents }: StoredDatabase, body: Json, query: URLSearchParams) {
  const results = (body['docs'] as { id: string; rev?: string }[]).map(({ id, rev }) => {
    const tree = documents.tree(id);
    const found = rev === undefined ? (tree ? [winnerOf(tree)] : []) : readable(tree, rev, flag(query, 'latest'));
    if (found.length === 0)
      return { id, docs: [{ error: { id, rev: rev ?? 'undefined', error: 'not_found', reason: 'missing' } }] };
    return { id, docs: found.map((each) => ({ ok: docOf(tree!, each, { revs: flag(query, 'revs') }) })) };
  });
  return { results };
}

export function revsDiff({ documents }: StoredDatabase, body: Json) {
  const rows = Object.entries(body as Record<string, string[]>).flatMap(([id, revs]) => {
    const tree = documents.tree(id);
    const unknown = tree ? revs.filter((rev) => !tree.revisions.has(rev)) : revs;
    if (unknown.length === 0) return [];
    const newest = Math.max(...unknown.map((rev) => parseInt(rev, 10)));
    const parents = [...(tree?.leaves ?? [])].filter(({ generation }) => generation < newest).map(({ rev }) => rev);
    return [[id, parents.length > 0 ? { missing: unknown, possible_ancestors: parents } : { missing: unknown }]];
  });
  return Object.fromEntries(rows) as object;
}

import type { Open } from './databases.ts';
import { flag, isObject, jsonQuery, StoreFault } from './http.ts';
import { revisions, revisionTree, type Doc } from './pouch.ts';

const missing = (reason = 'missing') => new StoreFault(404, 'not_found', reason);

/** A revision by its name, or every leaf; `latest` moves on to the leaves that descend from it. An unknown one is null. */
async function openRevision(open: Open, id: string, rev: string | null, latest: boolean): Promise<string[] | null> {
  const tree = await revisionTree(open.pouch, id);
  if (!tree) return null;
  const known = revisions(tree);
  if (rev === null) return [...known.values()].filter((each) => each.leaf).map((each) => each.rev);
  const revision = known.get(rev);
  if (!revision) return null;
  const wanted = latest ? revision.leaves : [rev];
  return wanted.filter((each) => known.get(each)?.available);
}

/** `GET /db/:id` */
export async function readDocument(open: Open, id: string, query: URLSearchParams): Promise<unknown> {
  const revs = flag(query, 'revs');
  const latest = flag(query, 'latest');
  const openRevs = query.get('open_revs');
  if (openRevs !== null) {
    if (openRevs === 'all') {
      const leaves = await openRevision(open, id, null, false);
      if (!leaves) throw missing();
      return Promise.all(leaves.map(async (rev) => ({ ok: await open.pouch.get(id, { rev, revs }) })));
    }
    const wanted = jsonQuery(query, 'open_revs');
    if (!Array.isArray(wanted)) throw new StoreFault(400, 'bad_request', '`open_revs` must be `all` or an array');
    return (await Promise.all(wanted.map((rev) => readRows(open, id, String(rev), { revs, latest })))).flat();
  }
  const rev = query.get('rev');
  const conflicts = flag(query, 'conflicts');
  if (rev === null) return open.pouch.get(id, { revs, conflicts });
  const found = await openRevision(open, id, rev, latest);
  if (!found?.[0]) throw missing();
  return open.pouch.get(id, { rev: found[0], revs, conflicts });
}

async function readRows(open: Open, id: string, rev: string, { revs, latest }: { revs: boolean; latest: boolean }) {
  const found = await openRevision(open, id, rev, latest);
  if (!found || found.length === 0) return [{ missing: rev }];
  return Promise.all(found.map(async (each) => ({ ok: await open.pouch.get(id, { rev: each, revs }) })));
}

/** `POST /db/_bulk_get`. Revisions are looked up in the tree first: PouchDB dies of `latest` with an unknown one. */
export async function bulkGet(
  open: Open,
  body: Record<string, unknown>,
  query: URLSearchParams
): Promise<{ results: object[] }> {
  if (!Array.isArray(body['docs'])) throw new StoreFault(400, 'bad_request', "Missing JSON list of 'docs'.");
  const revs = flag(query, 'revs');
  const latest = flag(query, 'latest');
  const results = await Promise.all(
    body['docs'].map(async (wanted: unknown) => {
      if (!isObject(wanted) || typeof wanted['id'] !== 'string')
        throw new StoreFault(400, 'bad_request', 'document id missed');
      const id = wanted['id'];
      const rev = typeof wanted['rev'] === 'string' ? wanted['rev'] : null;
      const found = await openRevision(open, id, rev, latest);
      if (!found || found.length === 0) {
        const error = { id, rev: rev ?? 'undefined', error: 'not_found', reason: 'missing' };
        return { id, docs: [{ error }] };
      }
      return {
        id,
        docs: await Promise.all(found.map(async (each) => ({ ok: await open.pouch.get(id, { rev: each, revs }) })))
      };
    })
  );
  return { results };
}

/** `POST /db/_revs_diff`: what is not in the trees, and for each such document the leaves that may be its parents. */
export async function revsDiff(open: Open, wanted: Record<string, unknown>): Promise<object> {
  const rows = await Promise.all(
    Object.entries(wanted).map(async ([id, revs]) => {
      if (!Array.isArray(revs)) throw new StoreFault(400, 'bad_request', 'Revisions must be a list');
      const tree = await revisionTree(open.pouch, id);
      if (!tree) return [id, { missing: revs }] as const;
      const known = revisions(tree);
      const unknown = revs.filter((rev) => !known.has(rev));
      const newest = Math.max(...unknown.map((rev) => parseInt(rev, 10)));
      const parents = [...known.values()]
        .filter((each) => each.leaf && parseInt(each.rev, 10) < newest)
        .map(({ rev }) => rev);
      return [
        id,
        parents.length > 0 ? { missing: unknown, possible_ancestors: parents } : { missing: unknown }
      ] as const;
    })
  );
  return Object.fromEntries(rows.filter(([, row]) => row.missing.length > 0));
}

/** `GET /db/_local/:id` */
export async function readLocal(open: Open, id: string): Promise<Doc> {
  return open.pouch.get(`_local/${id}`);
}

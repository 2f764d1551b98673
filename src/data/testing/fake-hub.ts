import { refusal, type Role } from '#domain/kinds.ts';
import type { Me } from '../hub-api.ts';
import type { Stored } from '../log.ts';
import { freshName, Pouch } from './memory-pouch.ts';

/** What a line does to a request; tests draw it. */
export type Weather = 'fine' | 'lose-request' | 'lose-answer' | 'cut' | 'error-500';

export type FakeHub = ReturnType<typeof createFakeHub>;

/**
 * The gate's calls that a device makes, over a memory PouchDB, with the domain's own refusals: enough of a hub for the
 * device's tests. What the real gate does beyond is tested with the real gate.
 */
export function createFakeHub() {
  const databases = new Map<string, PouchDB.Database<object>>();
  const requests: string[] = [];
  let era = 'one';
  let date: string | undefined;

  function database(name: string): PouchDB.Database<object> {
    const open = databases.get(name) ?? new Pouch(freshName(`hub-${name}`), { adapter: 'memory' });
    databases.set(name, open);
    return open;
  }

  async function answerDb(person: string, role: Role, path: string, query: URLSearchParams, body: unknown) {
    const [, circle = '', ...rest] = path.split('/').filter(Boolean);
    const db = database(circle === 'me' ? `me-${person}` : circle);
    const route = decodeURIComponent(rest.join('/'));
    const flag = (name: string) => query.get(name) === 'true';
    const start = query.get('startkey');
    switch (route) {
      case '':
        return db.info();
      case '_changes':
        return db.changes({
          since: Number(query.get('since') ?? 0),
          limit: Number(query.get('limit') ?? 1_000),
          descending: flag('descending'),
          include_docs: flag('include_docs'),
          style: (query.get('style') ?? 'main_only') as 'all_docs'
        });
      case '_all_docs':
        return db.allDocs({
          include_docs: flag('include_docs'),
          conflicts: flag('conflicts'),
          limit: Number(query.get('limit') ?? 1_000),
          ...(start === null ? {} : { startkey: JSON.parse(start) as string })
        });
      case '_bulk_get':
        return db.bulkGet({ ...(body as { docs: [] }), revs: flag('revs'), latest: flag('latest') } as never);
      case '_revs_diff':
        return db.revsDiff(body as never);
      case '_bulk_docs': {
        const { docs } = body as { docs: Stored[] };
        const why = docs.map((doc) => refusal(doc, circle === 'me' ? 'me' : 'circle', { person, role }));
        await db.bulkDocs(
          docs.filter((_, index) => !why[index]),
          { new_edits: false }
        );
        return docs.flatMap(({ _id: id }, index) =>
          why[index] ? [{ id, error: 'forbidden', reason: `${why[index].code}: ${why[index].message}` }] : []
        );
      }
      default:
        return local(db, person, route, body);
    }
  }

  async function local(db: PouchDB.Database<object>, person: string, route: string, body: unknown) {
    const id = route.replace('_local/', `_local/${person}.`);
    if (body !== undefined) return db.put({ ...(body as object), _id: id } as never);
    return db.get(id).then(
      (doc) => ({ ...doc, _id: route }),
      () => null
    );
  }

  return {
    database,
    requests,
    /** Restored from a backup in which this database was not. */
    forget: (name: string) => databases.delete(name),
    restored: () => (era = 'two'),
    /** What its answers give as the time. */
    setClock: (now: string) => (date = new Date(now).toUTCString()),

    /** The fetch of one person's device. `weather` is asked for every request. */
    fetchFor(me: () => Me, weather: () => Weather = () => 'fine'): typeof fetch {
      return async (input, init) => {
        const url = new URL(input instanceof Request ? input.url : String(input));
        const now = weather();
        requests.push(`${init?.method ?? 'GET'} ${url.pathname}`);
        if (now === 'lose-request') throw new TypeError('Failed to fetch');
        if (now === 'error-500') return Response.json({ error: 'internal' }, { status: 500 });
        const body = init?.body ? (JSON.parse(String(init.body)) as unknown) : undefined;
        if (url.pathname === '/api/me')
          return Response.json({ ...me(), era }, { headers: date ? { date } : undefined });
        const returned = /^\/api\/circles\/([^/]+)\/returned$/.exec(url.pathname)?.[1];
        if (returned !== undefined) {
          const { records } = body as { records: Stored[] };
          const db = database(returned === 'me' ? `me-${me().id}` : returned);
          await db.bulkDocs(records, { new_edits: false });
          return Response.json(records.map(({ _id: id, _rev: rev }) => ({ id, ok: true, rev })));
        }
        const circle = url.pathname.split('/')[2] ?? '';
        const mine = me().circles.find((one) => one.id === circle && !one.leftAt);
        if (circle !== 'me' && !mine) return Response.json({ error: 'not_found' }, { status: 404 });
        const answer = await answerDb(me().id, mine?.role ?? 'member', url.pathname, url.searchParams, body);
        if (now === 'lose-answer') throw new TypeError('Failed to fetch');
        const text = JSON.stringify(answer);
        if (now === 'cut') return new Response(text.slice(0, text.length / 2));
        return answer === null ? Response.json({ error: 'not_found' }, { status: 404 }) : new Response(text);
      };
    }
  };
}

import { isCircleId } from '#domain/id.ts';

export type Route =
  | { name: 'info' | 'changes' | 'bulk-get' | 'revs-diff' | 'bulk-docs' | 'all-docs' }
  | { name: 'document'; id: string }
  | { name: 'local'; id: string };

const collections: Record<string, Route> = {
  '': { name: 'info' },
  _changes: { name: 'changes' },
  _bulk_get: { name: 'bulk-get' },
  _revs_diff: { name: 'revs-diff' },
  _bulk_docs: { name: 'bulk-docs' },
  _all_docs: { name: 'all-docs' }
};

// PouchDB's checkpoints are base64 with `.` and `_`, CouchDB's hex with options behind a `+`.
const localId = /^[\w.=~+-]{1,128}$/;

/** The address taken apart, nothing decoded yet but what the circle's strict pattern allows. */
export function splitUrl(url: string): { circle: string | null; segments: string[]; query: string } {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const [, root, circle = '', ...segments] = path.split('/');
  const sound = root === 'db' && (circle === 'me' || isCircleId(circle));
  return { circle: sound ? circle : null, segments, query: mark < 0 ? '' : url.slice(mark + 1) };
}

/** The one route of the allowlist that these segments name, or null: default deny. */
export function findRoute(segments: readonly string[]): Route | null {
  const parts = segments.map(decoded);
  if (parts.includes(null)) return null;
  const [first = '', second] = parts as string[];
  if (parts.length <= 1) {
    if (Object.hasOwn(collections, first)) return collections[first]!;
    return first.startsWith('_') ? localRoute(/^_local\/(.*)$/s.exec(first)?.[1]) : { name: 'document', id: first };
  }
  return parts.length === 2 && first === '_local' ? localRoute(second) : null;
}

const localRoute = (id: string | undefined): Route | null => (id && localId.test(id) ? { name: 'local', id } : null);

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

import type { IncomingMessage } from 'node:http';
import type { Session } from './sessions.ts';

/** One request to `/api`, with what every handler needs of it. */
export type Call = {
  req: IncomingMessage;
  params: Record<string, string>;
  query: URLSearchParams;
  address: string;
  /** Who is asking; throws 401 when nobody is signed in. */
  session(): Promise<Session>;
  /** The parsed body, undefined without one. */
  json(limitBytes?: number): Promise<unknown>;
  bytes(limitBytes: number): Promise<Buffer>;
};

/** What a handler answers: `body` is sent as JSON, `raw` as it is with the headers given. */
export type Answer = {
  status: number;
  body?: unknown;
  raw?: Buffer | string;
  headers?: Record<string, string | string[]>;
};

/** `path` is written as in surface.md: `/api/circles/:id/invites`. Bodies are JSON but where `takes` says otherwise. */
export type Route = { method: string; path: string; takes?: 'bytes'; run: (call: Call) => Promise<Answer> };

export type Found = { route: Route; params: Record<string, string> };

/** Finds the route of a request: null when no route has that path, `wrong-method` when one has it for another method. */
export function createRouter(
  routes: readonly Route[]
): (method: string, path: string) => Found | 'wrong-method' | null {
  const rows = routes.map((route) => ({ route, parts: route.path.split('/') }));
  return (method, path) => {
    const segments = path.split('/').map(decoded);
    const fitting = rows.flatMap(({ route, parts }) => {
      const params = match(parts, segments);
      return params ? [{ route, params }] : [];
    });
    return fitting.find(({ route }) => route.method === method) ?? (fitting.length > 0 ? 'wrong-method' : null);
  };
}

function match(parts: readonly string[], segments: readonly (string | null)[]): Record<string, string> | null {
  if (parts.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index];
    if (!segment && part !== segment) return null;
    if (part.startsWith(':')) params[part.slice(1)] = segment!;
    else if (segment !== part) return null;
  }
  return params;
}

/** Null for what is no encoded text, which then fits no route. */
function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

import type { IncomingMessage } from 'node:http';
import type { Session } from './sessions.ts';

/** One request to `/api`, with what every handler needs of it. */
export type Call = {
  req: IncomingMessage;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Parsed JSON, undefined without a body. */
  body: unknown;
  address: string;
  /** Who is asking; throws 401 when nobody is signed in. */
  session(): Promise<Session>;
};

export type Answer = { status: number; body?: unknown; headers?: Record<string, string | string[]> };

/** `path` is as in surface.md: `/api/circles/:id/invites`. `bodyBytes` where the usual 64 kB are too few. */
export type Route = { method: string; path: string; bodyBytes?: number; run: (call: Call) => Promise<Answer> };

export type Found = { route: Route; params: Record<string, string> };

/** Finds the route of a request: null when no route has that path, `wrong-method` when one has it for another method. */
export function createRouter(
  routes: readonly Route[]
): (method: string, pathname: string) => Found | 'wrong-method' | null {
  const rows = routes.map((route) => ({ route, parts: route.path.split('/') }));
  return (method, pathname) => {
    const segments = pathname.split('/').map(decoded);
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
    if (!part.startsWith(':')) {
      if (segment !== part) return null;
    } else {
      if (!segment) return null;
      params[part.slice(1)] = segment;
    }
  }
  return params;
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

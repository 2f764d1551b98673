import type { IncomingMessage, ServerResponse } from 'node:http';
import { send } from './http.ts';

export type Page = (req: IncomingMessage, res: ServerResponse) => void;

const unbuilt = 'There is no app here yet: run "npm run build", then start the hub again.\n';
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Everything that is no data: the app's files, and for every navigation the one prerendered shell. */
export function createPages({ origin, page }: { origin: string; page?: Page }) {
  const home = new URL(origin);

  /** Whether the app was opened under another of this machine's names: its writes would then count as another site's. */
  function isOtherName(req: IncomingMessage): boolean {
    const asked = URL.parse(`http://${req.headers.host ?? ''}`);
    return asked !== null && asked.host !== home.host && loopback.has(asked.hostname) && loopback.has(home.hostname);
  }

  return (req: IncomingMessage, res: ServerResponse, path: string): void => {
    const isReading = req.method === 'GET' || req.method === 'HEAD';
    if (!isReading) return send(res, { status: 405, headers: { allow: 'GET, HEAD' } });
    // Not what is shown to strangers (/s) nor what has a file's name: those answer for themselves.
    const isNavigation =
      (req.headers.accept ?? '').includes('text/html') && !path.startsWith('/s/') && !/\.[^/]*$/.test(path);
    if (isNavigation && isOtherName(req)) {
      return send(res, { status: 307, headers: { location: origin + req.url } });
    }
    if (!page)
      return send(res, { status: 503, raw: unbuilt, headers: { 'content-type': 'text/plain; charset=utf-8' } });
    if (isNavigation) req.url = '/';
    page(req, res);
  };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Doorbell } from './doorbell.ts';
import { ApiError } from './errors.ts';
import { sendStopping } from './gate/answer.ts';
import type { Gate } from './gate/gate.ts';
import { setSecurityHeaders } from './headers.ts';
import { sendError } from './http.ts';
import type { HubLog } from './hub-log.ts';
import type { Metrics } from './metrics.ts';
import { isStream, partOf, pathOf } from './parts.ts';
import { isCrossSiteRead } from './site.ts';

type Answers = (req: IncomingMessage, res: ServerResponse, path: string) => Promise<void> | void;

type Deps = {
  origin: string;
  gate: Pick<Gate, 'handle' | 'endWaiting'>;
  doorbell: Doorbell;
  api: Answers;
  pages: Answers;
  metrics: Metrics;
  log: Pick<HubLog, 'debug' | 'error'>;
};

/** Where every request comes in: it gives all answers the same headers, counts them, and shows each to the part that answers. */
export function createFrontDoor({ origin, gate, doorbell, api, pages, metrics, log }: Deps) {
  let draining = false;
  const underway = new Set<ServerResponse>();

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = pathOf(req);
    const part = partOf(path);
    const startedAt = performance.now();
    const over = metrics.begun(isStream(req, path) ? 'stream' : part);
    underway.add(res);
    res.once('close', () => {
      underway.delete(res);
      over(res.statusCode);
      const ms = Math.round(performance.now() - startedAt);
      // The path would tell tokens and circles; the part and the status are enough to watch a hub by.
      log.debug({ part, method: req.method, status: res.statusCode, ms }, 'answered');
    });
    setSecurityHeaders(res, { isData: part !== 'page', origin });
    if (draining) {
      res.setHeader('connection', 'close');
      return part === 'db'
        ? sendStopping(res)
        : sendError(req, res, new ApiError('starting', { retryAfterSeconds: 5 }));
    }
    if (part === 'db') return gate.handle(req, res);
    if (part === 'page') return pages(req, res, path);
    if (path === '/api/doorbell' && req.method === 'GET') {
      if (isCrossSiteRead(req.headers, origin)) throw new ApiError('cross-site');
      return doorbell.handle(req, res);
    }
    return api(req, res, path);
  }

  return {
    /** Never rejects: what fails in the hub itself is an answer too, and in the log. */
    handle(req: IncomingMessage, res: ServerResponse): void {
      answer(req, res).catch((error: unknown) => {
        if (res.headersSent) return res.destroy();
        if (error instanceof ApiError) return sendError(req, res, error);
        log.error({ error: String(error) }, 'a request failed in the hub itself; please report the error');
        sendError(req, res, new ApiError('fault'));
      });
    },

    /** Ends the streams and tells whoever asks anew to come back; what is under way is answered as if nothing were. */
    drain(): void {
      draining = true;
      doorbell.close();
      gate.endWaiting();
      // Whoever keeps the connection would go on asking a hub that is about to end.
      for (const res of underway) if (!res.headersSent) res.setHeader('connection', 'close');
    }
  };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { CouchError } from '../couch-error.ts';
import { ApiError } from '../errors.ts';
import { addressOf, isForeignBody, readBody, readJson, send, sendError } from '../http.ts';
import { createRouter, type Call } from '../router.ts';
import { isCrossSite, isCrossSiteRead } from '../site.ts';
import { accountRoutes } from './accounts.ts';
import { circleRoutes } from './circles.ts';
import { healthRoutes } from './health.ts';
import { inviteRoutes } from './invites.ts';
import { meRoutes } from './me.ts';
import { memberRoutes } from './members.ts';
import { photoRoutes } from './photos.ts';
import { returnedRoutes } from './returned.ts';
import { spend, type Services } from './services.ts';
import { sessionRoutes } from './session.ts';

/** No form of ours comes near it. */
const bodyBytes = 64 * 1024;

export type ApiLog = { error(fields: object, message: string): void };

/** Answers everything under `/api/` but the doorbell: JSON, errors too, never HTML. Never rejects. */
export function createApi(
  services: Services,
  { metricsText, log }: { metricsText: () => Promise<string>; log: ApiLog }
) {
  const { env, sessions, limits } = services;
  const find = createRouter([
    ...accountRoutes(services),
    ...circleRoutes(services),
    ...healthRoutes(services, metricsText),
    ...inviteRoutes(services),
    ...meRoutes(services),
    ...memberRoutes(services),
    ...photoRoutes(services),
    ...returnedRoutes(services),
    ...sessionRoutes(services)
  ]);

  async function answer(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    const method = req.method ?? 'GET';
    const isReading = method === 'GET' || method === 'HEAD';
    const crosses = isReading ? isCrossSiteRead : isCrossSite;
    if (crosses(req.headers, env.origin)) throw new ApiError('cross-site');
    const found = find(method === 'HEAD' ? 'GET' : method, path);
    if (found === null) throw new ApiError('not-found');
    if (found === 'wrong-method') throw new ApiError('wrong-method');
    const { route, params } = found;
    if (route.takes !== 'bytes' && isForeignBody(req)) throw new ApiError('json-only');
    const call: Call = {
      req,
      params,
      query: new URLSearchParams(req.url?.split('?').slice(1).join('?')),
      address: addressOf(req, env.origin),
      async session() {
        const session = await sessions.find(req);
        if (!session) throw new ApiError('signed-out');
        if (!isReading) spend(limits, 'change', session.account);
        return session;
      },
      json: (limitBytes = bodyBytes) => readJson(req, limitBytes),
      bytes: (limitBytes) => readBody(req, limitBytes)
    };
    send(res, await route.run(call));
  }

  return async (req: IncomingMessage, res: ServerResponse, path: string): Promise<void> => {
    try {
      await answer(req, res, path);
    } catch (error) {
      if (res.headersSent) return void res.destroy();
      if (error instanceof ApiError) return sendError(req, res, error);
      const isDatabase = error instanceof CouchError && (error.status === 0 || error.status >= 500);
      log.error(
        { error: String(error), call: path.split('/', 3).join('/') },
        isDatabase
          ? 'a call of /api met a database that does not answer; see whether it runs'
          : 'a call of /api failed in the hub itself; please report the error'
      );
      sendError(req, res, new ApiError(isDatabase ? 'database-down' : 'fault'));
    }
  };
}

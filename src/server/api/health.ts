import { timingSafeEqual } from 'node:crypto';
import { secretHash } from '../draw.ts';
import { ApiError } from '../errors.ts';
import { homecomingInWords } from '../homecoming.ts';
import type { Call, Route } from '../router.ts';
import { version } from '../version.ts';
import type { Services } from './services.ts';

/** For load balancers, and for people who watch over the hub. */
export function healthRoutes({ env, couch, homecoming }: Services, metricsText: () => Promise<string>): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/health',
      async run() {
        const up = await couch.up();
        const backend = env.couchUrl ? 'couchdb' : 'embedded';
        const now = homecoming.waiting();
        const waiting = now ? { waiting: homecomingInWords(now) } : {};
        return { status: up ? 200 : 503, body: { status: up ? 'ok' : 'database-down', backend, version, ...waiting } };
      }
    },
    {
      method: 'GET',
      path: '/api/metrics',
      async run(call) {
        if (!env.metricsToken) throw new ApiError('not-found');
        if (!isBearer(call, env.metricsToken)) throw new ApiError('signed-out');
        return {
          status: 200,
          raw: await metricsText(),
          headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }
        };
      }
    }
  ];
}

function isBearer({ req }: Call, token: string): boolean {
  const given = (req.headers.authorization ?? '').replace(/^Bearer /, '');
  return timingSafeEqual(Buffer.from(secretHash(given)), Buffer.from(secretHash(token)));
}

import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { secretHash } from '../draw.ts';
import { ApiError } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import type { Call, Route } from '../router.ts';
import type { Services } from './services.ts';

const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
const { version } = JSON.parse(manifest) as { version: string };

/** For load balancers, and for people who watch over the hub. */
export function healthRoutes({ env, couch }: Services, metrics: Metrics): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/health',
      async run() {
        const up = await couch.up();
        const backend = env.couchUrl ? 'couchdb' : 'embedded';
        return { status: up ? 200 : 503, body: { status: up ? 'ok' : 'database-down', backend, version } };
      }
    },
    {
      method: 'GET',
      path: '/api/metrics',
      async run(call) {
        if (!env.metricsToken) throw new ApiError('not-found');
        if (!isBearer(call, env.metricsToken)) throw new ApiError('signed-out');
        const raw = metrics.text({ up: await couch.up() });
        return { status: 200, raw, headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } };
      }
    }
  ];
}

function isBearer({ req }: Call, token: string): boolean {
  const given = (req.headers.authorization ?? '').replace(/^Bearer /, '');
  return timingSafeEqual(Buffer.from(secretHash(given)), Buffer.from(secretHash(token)));
}

import type { IncomingMessage } from 'node:http';
import { photoRoutes } from '#server/api/photos.ts';
import { returnedRoutes } from '#server/api/returned.ts';
import type { Services } from '#server/api/services.ts';
import { createRouter, type Answer } from '#server/router.ts';
import type { Session } from '#server/sessions.ts';

/** The shipped calls under `/api/circles` that a device makes by itself: pictures, and what is handed back after a restore. */
export function createCalls(services: Partial<Services>, session: (req: IncomingMessage) => Promise<Session>) {
  const find = createRouter([...photoRoutes(services as Services), ...returnedRoutes(services as Services)]);
  return async (req: IncomingMessage): Promise<Answer> => {
    const { pathname, searchParams: query } = new URL(req.url!, 'http://hub');
    const found = find(req.method!, pathname);
    if (!found || found === 'wrong-method') throw new Error(`Nobody asks for ${req.method} ${pathname}`);
    const bytes = async () => Buffer.concat(await Array.fromAsync(req));
    return found.route.run({
      req,
      params: found.params,
      query,
      address: '',
      session: () => session(req),
      json: async () => JSON.parse((await bytes()).toString()) as unknown,
      bytes
    });
  };
}

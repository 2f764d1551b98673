import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bell } from './bell.ts';
import type { Couch } from './couch.ts';
import type { Timers } from './timers.ts';

/** What the doorbell needs of its neighbours, and no more. */
export type DoorbellDeps = {
  bell: Bell;
  /** Asked for the newest sequence of a database whose ring carried none. */
  couch: Couch;
  sessions: { find(req: IncomingMessage): Promise<{ account: string; id: string } | null> };
  membership: {
    roleOf(circle: string, person: string): Promise<unknown>;
    circlesOf(person: string): Promise<string[]>;
    drop(circle: string, person?: string): void;
  };
  timers: Timers;
};

export type Doorbell = {
  /** Answers `GET /api/doorbell`; never rejects. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Ends every stream. */
  close(): void;
};

/** Server-sent events, one stream a device. */
export function createDoorbell(deps: DoorbellDeps): Doorbell {
  const streams = new Set<ServerResponse>();
  deps.bell.on((ring) => {
    for (const stream of streams) stream.write(`data: ${JSON.stringify(ring)}\n\n`);
  });
  return {
    async handle(req, res) {
      if (!(await deps.sessions.find(req))) return void res.writeHead(401).end();
      res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      streams.add(res);
      res.on('close', () => streams.delete(res));
    },
    close() {
      for (const stream of streams) stream.end();
    }
  };
}

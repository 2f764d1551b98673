import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Couch } from '../couch.ts';
import type { Role } from '#domain/kinds.ts';

/** What the gate needs of its neighbours, and no more. */
export type GateDeps = {
  couch: Couch;
  sessions: { find(req: IncomingMessage): Promise<{ account: string; id: string } | null> };
  membership: { roleOf(circle: string, person: string): Promise<Role | null> };
  bell: { ring(what: { circle: string; ids?: string[] } | { person: string; ids?: string[] }): void };
  /** Takes `cost` from the allowance under `key`; answers 0, or the seconds to wait before it can be paid. */
  limits: { take(key: string, cost: number): number };
  /** The hub's own origin, as a browser sends it. */
  origin: string;
  clock: () => number;
};

export type Gate = {
  /** Answers everything under `/db/`. Never rejects. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Ends the open streams that `person` has on `circle`. */
  cut(circle: string, person: string): void;
};

/** The only way to a circle's database (design §5): default deny, the upstream request is rebuilt, every row is checked. */
export function createGate(deps: GateDeps): Gate {
  return {
    async handle(_req, res) {
      await deps.couch.up();
      res.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not_found","reason":"missing"}\n');
    },
    cut() {}
  };
}

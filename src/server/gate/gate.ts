import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Role } from '#domain/kinds.ts';
import type { Bell } from '../bell.ts';
import type { Couch } from '../couch.ts';
import { CouchError } from '../couch-error.ts';
import type { Limits } from '../limits.ts';
import type { Membership } from '../membership.ts';
import type { Metrics } from '../metrics.ts';
import type { Session, Sessions } from '../sessions.ts';
import type { SecondLock } from '../second-lock.ts';
import { isCrossSite } from '../site.ts';
import { databaseDown, GateFault, noCircle, notFound, sendFault, tooOften } from './answer.ts';
import { createBranches } from './branches.ts';
import { createLoad, type Load } from './load.ts';
import { readQuery } from './query.ts';
import {
  answerAllDocs,
  answerBulkGet,
  answerChanges,
  answerDocument,
  answerInfo,
  answerLocal,
  answerRevsDiff
} from './reads.ts';
import { findRoute, splitUrl } from './route.ts';
import { createStreams } from './streams.ts';
import type { Tools, Visit } from './visit.ts';
import { answerBulkDocs, answerPutLocal, answerWrite } from './writes.ts';

/** What the gate needs of its neighbours, and no more. */
export type GateDeps = {
  couch: Pick<Couch, 'database'>;
  /** Where CouchDB checks once more who writes; without it the hub asks in its own name. */
  lock?: Pick<SecondLock, 'open'>;
  sessions: Pick<Sessions, 'find'>;
  membership: Pick<Membership, 'roleOf'>;
  bell: Pick<Bell, 'ring'>;
  limits: Pick<Limits, 'take'>;
  metrics: Pick<Metrics, 'refused'>;
  /** `HUB_LIMITS`, for what one person may have under way at once; left out, 1. */
  limitFactor?: number;
  /** How many copies of each database there are; left out, 1. */
  copies?: number;
  /** The hub's own origin, as a browser sends it. */
  origin: string;
  log: { error(fields: object, message: string): void };
};

export type Gate = {
  /** Answers everything under `/db/`. Never rejects. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Ends the open streams that `person` has on `circle`. */
  cut(circle: string, person: string): void;
  /** Ends every answer that waits for news; what is being written or read goes on. */
  endWaiting(): void;
};

/** The only way to a circle's database (design §5): default deny, the upstream request is rebuilt, every row is checked. */
export function createGate(deps: GateDeps): Gate {
  const { bell, limits, log, metrics, limitFactor, copies = 1 } = deps;
  const streams = createStreams(limitFactor);
  const load = createLoad(limitFactor);
  const tools: Tools = {
    copies,
    streams,
    branches: createBranches(),
    countRefused: (rows) => {
      for (const { reason = '' } of rows) metrics.refused(reason.split(':', 1)[0]!);
    },
    payDocuments: (person, count) => pay(limits.take('db-document', person, count)),
    ring: ({ circle, actor }, news) =>
      bell.ring(circle === 'me' ? { person: actor.person, ...news } : { circle, ...news })
  };

  return {
    cut: streams.cut,
    endWaiting: streams.endWaiting,
    async handle(req, res) {
      try {
        await answer(await admit(deps, load, req, res), tools);
      } catch (error) {
        refuse(res, error, log);
      }
    }
  };
}

/** Surface.md's order of answers: site, circle's pattern, session, membership, route, then method, keys and values. */
async function admit(deps: GateDeps, load: Load, req: IncomingMessage, res: ServerResponse): Promise<Visit> {
  const { couch, lock, sessions, limits, origin } = deps;
  if (isCrossSite(req.headers, origin)) throw new GateFault(403, 'forbidden', 'This address is not for other sites.');
  const { circle, segments, query } = splitUrl(req.url ?? '');
  if (circle === null) throw noCircle();
  const session = await sessions.find(req);
  if (!session) throw new GateFault(401, 'unauthorized', 'You are not signed in.');
  pay(limits.take('db-request', session.account, 1));
  const role = await roleIn(deps, circle, session);
  if (!role) throw noCircle();
  const route = findRoute(segments);
  if (!route) throw notFound();
  const method = req.method ?? 'GET';
  const checked = readQuery(route.name, method, query);
  const name = circle === 'me' ? `me-${session.account}` : `c-${circle}`;
  const database = lock ? await lock.open(name, session.account) : couch.database(name);
  const { room, turn, leave } = load.enter(session.account);
  res.once('close', leave);
  return {
    req,
    res,
    method,
    route,
    query: checked,
    circle,
    home: circle === 'me' ? 'me' : 'circle',
    room,
    turn,
    actor: { person: session.account, role },
    database,
    still: async () => (await sessions.find(req)) !== null && (await roleIn(deps, circle, session)) !== null
  };
}

/** R13: one's own database has one reader and writer, and nobody to be steward of. */
async function roleIn({ membership }: GateDeps, circle: string, session: Session): Promise<Role | null> {
  return circle === 'me' ? 'member' : membership.roleOf(circle, session.account);
}

function pay(waitSeconds: number): void {
  if (waitSeconds > 0) throw tooOften(waitSeconds);
}

async function answer(visit: Visit, tools: Tools): Promise<void> {
  const { route, method } = visit;
  switch (route.name) {
    case 'info':
      return answerInfo(visit);
    case 'changes':
      return answerChanges(visit, tools);
    case 'all-docs':
      return answerAllDocs(visit, tools);
    case 'bulk-get':
      return answerBulkGet(visit, tools);
    case 'revs-diff':
      return answerRevsDiff(visit);
    case 'bulk-docs':
      return answerBulkDocs(visit, tools);
    case 'document':
      return method === 'GET' ? answerDocument(visit, route.id) : answerWrite(visit, tools, route.id);
    case 'local':
      return method === 'GET' ? answerLocal(visit, route.id) : answerPutLocal(visit, tools, route.id);
  }
}

/** Before the head is out a fault is an answer; afterwards only a broken connection tells the truth. */
function refuse(res: ServerResponse, error: unknown, log: GateDeps['log']): void {
  const fault = error instanceof CouchError ? databaseDown() : error;
  // Whoever went away in the middle of an answer is no fault of anybody's.
  if (res.destroyed) return;
  if (!(fault instanceof GateFault))
    log.error(
      { error: String(fault) },
      'a request under /db failed in the hub itself; the device tries again. Please report the error'
    );
  if (res.headersSent) return void res.destroy();
  sendFault(
    res,
    fault instanceof GateFault ? fault : new GateFault(500, 'internal_server_error', 'The hub failed; try again.')
  );
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createAudience } from './audience.ts';
import { databaseOf, type Bell, type DatabaseRing, type Ring } from './bell.ts';
import { ApiError } from './errors.ts';
import type { Newest } from './newest.ts';
import type { Timers } from './timers.ts';

/** What the doorbell needs of its neighbours, and no more. */
export type DoorbellDeps = {
  bell: Bell;
  newest: Newest;
  sessions: {
    find(req: IncomingMessage): Promise<{ account: string; id: string } | null>;
    listens(session: { account: string; id: string }): Promise<void>;
  };
  membership: {
    circlesOf(person: string): Promise<string[]>;
    roleOf(circle: string, person: string): Promise<unknown>;
  };
  timers: Timers;
  /** Streams one person may hold: her phones and laptops, and those that have not noticed yet that they are cut off. */
  streamsEach: number;
};

export type Doorbell = {
  /** Answers `GET /api/doorbell`. Rejects with ApiError, before the first byte, for whoever gets no stream. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Ends every stream. */
  close(): void;
};

/** Proxies drop a silent connection after 30 s at the earliest. */
const commentMs = 25_000;
/** A session that ended in this process rings; one that ended in another, or by age, is found after so many comment lines: 5 min. */
const beatsToLook = 12;
/** A device that leaves this much unread is gone or stuck: it is cut, and hears of everything when it comes back. */
const unreadBytes = 16_384;

/** Who may read is known from the last ring; where it has to be read first, nobody waits longer than this for the bare ring. */
const judgeWithinMs = 20;

/** After a restart devices come back spread over four seconds, not all at once. */
const retryMs = (people: number) => 1_000 + (people % 16) * 250;

const line = (event: { circle: string; seq: string | null } | { me: true }) => `data: ${JSON.stringify(event)}\n\n`;

/**
 * The same with what was written, so that a device need not ask; `from` where nothing else was written since. A hint: whoever has no use
 * for it goes by the sequence.
 */
const fullLine = (circle: string, seq: string | null, { docs = [], span }: DatabaseRing) => {
  const from = span && span.to === seq ? span.from : undefined;
  return `data: ${JSON.stringify({ circle, seq, from }).slice(0, -1)},"docs":[${docs.join(',')}]}\n\n`;
};

const membersIn = (ids: readonly string[] = []) =>
  ids.flatMap((id) => (id.startsWith('hub:member:') ? [id.slice('hub:member:'.length)] : []));

/**
 * Server-sent events by hand: Kit's cost a device twice the memory. An idle device is a socket and a place in a set; the comment
 * lines come from one timer for all.
 */
export function createDoorbell(deps: DoorbellDeps): Doorbell {
  const { bell, newest, sessions, membership, timers, streamsEach } = deps;
  const audience = createAudience();
  const readings = new Map<string, Promise<string[]>>();
  /** Databases whose ring is on its way out, and the writes that came meanwhile. */
  const ringing = new Map<string, DatabaseRing[]>();

  const send = (streams: Iterable<ServerResponse>, text: string) => {
    for (const stream of streams) {
      if (stream.writableEnded) continue;
      if (stream.writableLength > unreadBytes) stream.destroy();
      else stream.write(text);
    }
  };

  const listening = (ring: DatabaseRing) =>
    'circle' in ring ? audience.streamsOf(ring.circle) : (audience.people.get(ring.person)?.streams ?? []);

  /** One question and one line for all writes that come while the question is open. */
  const announce = async (ring: DatabaseRing) => {
    const name = databaseOf(ring);
    const open = ringing.get(name);
    if (open) return void open.push(ring);
    const writes = [ring];
    ringing.set(name, writes);
    while (writes.length > 0) {
      const [write, ...others] = writes.splice(0);
      const circle = 'circle' in ring ? ring.circle : 'me';
      const seq = await newest.of(name);
      if (write?.docs && others.length === 0) await tell(write, circle, seq);
      else send(listening(ring), line({ circle, seq }));
    }
    ringing.delete(name);
  };

  /** To be told what was written is to read it: only to whoever may at this moment, and not behind what she has not read yet. */
  const tell = async (ring: DatabaseRing, circle: string, seq: string | null) => {
    const readers = new Set<ServerResponse>();
    const judge = async (stream: ServerResponse) => {
      const session = await sessions.find(stream.req);
      const reads = session && ('person' in ring || (await membership.roleOf(ring.circle, session.account)) !== null);
      if (reads && stream.writableLength === 0) readers.add(stream);
    };
    let patience: unknown;
    const tooLong = new Promise<void>((done) => (patience = timers.set(done, judgeWithinMs)));
    const judged = Promise.all([...listening(ring)].map((stream) => judge(stream).catch(() => undefined)));
    await Promise.race([judged, tooLong]);
    timers.clear(patience);
    const streams = [...listening(ring)];
    const isReader = (stream: ServerResponse) => readers.has(stream);
    send(streams.filter(isReader), fullLine(circle, seq, ring));
    send(
      streams.filter((stream) => !isReader(stream)),
      line({ circle, seq })
    );
  };

  /** Ends the streams whose session has ended. */
  const endOver = async (streams: Iterable<ServerResponse>) => {
    for (const stream of [...streams]) {
      if (!(await sessions.find(stream.req).catch(() => null))) stream.end();
    }
  };

  /** Reads which circles ring the person, answers those that are new. Of several readings at a time the last begun stands. */
  const readCircles = (person: string): Promise<string[]> => {
    const reading: Promise<string[]> = membership.circlesOf(person).then((circles) => {
      if (readings.get(person) !== reading) return readings.get(person) ?? [];
      return audience.setCircles(person, circles);
    });
    readings.set(person, reading);
    const forget = () => readings.get(person) === reading && readings.delete(person);
    reading.then(forget, forget);
    return reading;
  };

  /** Looks again which circles are hers and whether her sessions still stand; rings for circles that are new. */
  const refresh = async (person: string) => {
    const listener = audience.people.get(person);
    if (!listener) return;
    await endOver(listener.streams);
    for (const circle of await readCircles(person)) {
      send(listener.streams, line({ circle, seq: await newest.of(`c-${circle}`) }));
    }
    send(listener.streams, line({ me: true }));
  };

  const hear = (ring: Ring) => {
    if ('me' in ring) return void refresh(ring.me).catch(() => hangUp(ring.me));
    newest.moved(databaseOf(ring), ring.seq, ring.span);
    if ('circle' in ring) {
      for (const person of membersIn(ring.ids)) {
        // Out before this very ring: whoever was removed hears no more of the circle, whoever was not is back at once.
        audience.leave(person, ring.circle);
        void refresh(person).catch(() => hangUp(person));
      }
    }
    for (const _ of listening(ring)) return void announce(ring);
  };

  /** When the database cannot say what is hers, her devices try again. */
  const hangUp = (person: string) => {
    for (const stream of [...(audience.people.get(person)?.streams ?? [])]) stream.destroy();
  };

  const unlisten = bell.on(hear);
  const everybody = function* () {
    for (const { streams } of audience.people.values()) yield* streams;
  };
  let comments: unknown;
  let beats = 0;
  const comment = () => {
    send(everybody(), ':\n\n');
    if (++beats % beatsToLook === 0) void endOver(everybody());
    comments = timers.set(comment, commentMs);
  };
  comments = timers.set(comment, commentMs);

  return {
    async handle(req, res) {
      const session = await sessions.find(req);
      if (!session) throw new ApiError('signed-out');
      const person = session.account;
      const open = audience.people.get(person)?.streams.size ?? 0;
      if (open >= streamsEach) throw new ApiError('too-often', { retryAfterSeconds: 60 });
      res.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no'
      });
      res.write(`retry: ${retryMs(audience.people.size)}\n\n`);
      audience.add(person, res);
      res.on('close', () => audience.remove(person, res));
      try {
        await sessions.listens(session);
        // Of a person who listens already all circles are known, or about to be.
        await (open > 0 ? readings.get(person) : readCircles(person));
        for (const circle of [...audience.people.get(person)!.circles])
          send([res], line({ circle, seq: await newest.of(`c-${circle}`) }));
        send([res], line({ circle: 'me', seq: await newest.of(`me-${person}`) }));
      } catch {
        hangUp(person);
      }
    },
    close() {
      unlisten();
      timers.clear(comments);
      for (const stream of everybody()) stream.end();
    }
  };
}

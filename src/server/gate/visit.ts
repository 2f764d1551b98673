import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor, Home } from '#domain/kinds.ts';
import type { Database } from '../couch-database.ts';
import type { Span } from '../spans.ts';
import type { Branches } from './branches.ts';
import type { Room } from './load.ts';
import type { Route } from './route.ts';
import type { Row } from './rows.ts';
import type { Streams } from './streams.ts';

/** One request that has passed everything but its body: who, where, what, and the query as it goes on. */
export type Visit = {
  req: IncomingMessage;
  res: ServerResponse;
  method: string;
  route: Route;
  query: Record<string, string>;
  /** As the client named it: a circle's id, or `me`. */
  circle: string;
  home: Home;
  room: Room;
  /** Resolves when the person has no more than a few long readings under way. */
  turn: () => Promise<void>;
  actor: Actor;
  database: Database;
  /** Whether the person may still read here. */
  still: () => Promise<boolean>;
};

/** What the answering of a visit uses of the gate. */
export type Tools = {
  /** Of each database; 1 but for a cluster. */
  copies: number;
  branches: Branches;
  streams: Streams;
  /** Counts refused rows by their reason, for the operator. */
  countRefused(rows: Iterable<Row>): void;
  /** Takes the documents of a write from the person's allowance; throws the 429. */
  payDocuments(person: string, count: number): void;
  /** Tells everybody of a write. */
  ring(visit: Visit, news: { ids: string[]; span?: Span; docs?: readonly string[] }): void;
};

import type { IncomingMessage, ServerResponse } from 'node:http';

/** A running hub: everything behind the socket. It owns no port and no store; `close` ends streams and background work. */
export type Hub = {
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** The token of the one-use set-up link, or null once there is an account. */
  readonly setupToken: string | null;
  close(): Promise<void>;
};

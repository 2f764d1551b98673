import type { IncomingMessage } from 'node:http';

/** Who is asking. `id` names the session without giving it away (it is the hash kept at rest). */
export type Session = { account: string; id: string };

export type SessionInfo = { id: string; device: string; createdAt: string; seenAt: string };

export type Sessions = {
  /** The session of the request's `jujube_session` cookie, or null when there is none, it has ended or is over. */
  find(req: IncomingMessage): Promise<Session | null>;
  /** Makes a session, on disk before it resolves; `cookie` is the whole `Set-Cookie` value. */
  start(account: string, device: string): Promise<{ session: Session; cookie: string }>;
  list(account: string): Promise<SessionInfo[]>;
  /** Ends one of the account's sessions; false when it has none of that id. */
  end(account: string, id: string): Promise<boolean>;
  /** Ends all of the account's sessions but `except`. */
  endAll(account: string, except?: string): Promise<void>;
  /** The `Set-Cookie` value that takes the cookie away. */
  readonly clearing: string;
};

export const sessionCookie = 'jujube_session';

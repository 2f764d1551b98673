import { Agent, request as send, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as sendSecurely } from 'node:https';

/** What is read of the database's answer; `fetch`'s `Response` is one. */
export type CouchAnswer = {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Read once: here as it comes, or by `json` or `text`. `cancel` lets go of an answer that nobody will read. */
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
  json(): Promise<unknown>;
  text(): Promise<string>;
};

export type CouchSend = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal?: AbortSignal }
) => Promise<CouchAnswer>;

// An idle connection is closed from this side first, so that no request meets one that the database is just closing.
const idleMs = 4_000;

/**
 * A `CouchSend` on Node's own client and connections that are kept. `fetch` costs the hub three times as much for each request, and web
 * streams as much again for each byte that it passes on. A redirect is an answer like any other: it is never followed.
 */
export function keptConnections(): CouchSend {
  const agent = new Agent({ keepAlive: true, timeout: idleMs });
  const secureAgent = new SecureAgent({ keepAlive: true, timeout: idleMs });
  return (url, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const options: RequestOptions = { method, headers, signal };
      if (body !== undefined) options.headers = { ...headers, 'content-length': Buffer.byteLength(body) };
      const answered = (message: IncomingMessage) => resolve(answerOf(message));
      const request = url.startsWith('https:')
        ? sendSecurely(url, { ...options, agent: secureAgent }, answered)
        : send(url, { ...options, agent }, answered);
      request.on('error', reject);
      request.end(body);
    });
}

function answerOf(message: IncomingMessage): CouchAnswer {
  const status = message.statusCode ?? 0;
  // What breaks off is told to whoever reads the body; nobody else need hear of it.
  message.on('error', () => undefined);
  const ok = status >= 200 && status < 300;
  const read = async () => {
    const parts: Buffer[] = [];
    for await (const part of message) parts.push(part as Buffer);
    return Buffer.concat(parts).toString('utf8');
  };
  // A refusal is short, and often only its status is looked at: unread it would keep its connection, and the process, for ever.
  const refusal = ok ? null : read();
  refusal?.catch(() => undefined);
  const text = () => refusal ?? read();
  return {
    ok,
    status,
    headers: { get: (name) => message.headers[name]?.toString() ?? null },
    body: {
      [Symbol.asyncIterator]: () => message[Symbol.asyncIterator](),
      // Answers that are let go of are short, and read to their end the connection can be used again.
      cancel: async () => void (ok && message.resume())
    },
    text,
    json: async () => JSON.parse(await text()) as unknown
  };
}

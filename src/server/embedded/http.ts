import type { IncomingMessage, ServerResponse } from 'node:http';

/** An answer that is not the wished one, in CouchDB's words. */
export class StoreFault extends Error {
  readonly status: number;
  readonly error: string;
  constructor(status: number, error: string, reason: string) {
    super(reason);
    this.status = status;
    this.error = error;
  }
}

export type Call = {
  req: IncomingMessage;
  res: ServerResponse;
  method: string;
  query: URLSearchParams;
  /** Ends when the client is gone or the store stops. */
  signal: AbortSignal;
};

// The gate lets 8 MB through; the hub's own writes and a restore may be larger. Loopback only, so this guards against mistakes.
const bodyLimit = 64 * 1024 * 1024;

export function sendJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {}
): void {
  const text = Buffer.from(`${JSON.stringify(body)}\n`);
  res.writeHead(status, { ...headers, 'content-type': 'application/json', 'content-length': text.length });
  res.end(text);
}

/** The parsed JSON object of the request. */
export async function readObject(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimit) throw new StoreFault(413, 'too_large', 'the request entity is too large');
    chunks.push(chunk);
  }
  if (length === 0) return {};
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new StoreFault(400, 'bad_request', 'invalid UTF-8 JSON');
  }
  if (!isObject(body)) throw new StoreFault(400, 'bad_request', 'Request body must be a JSON object');
  return body;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A query value that is JSON, undefined when it is absent. */
export function jsonQuery(query: URLSearchParams, name: string): unknown {
  const text = query.get(name);
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new StoreFault(400, 'bad_request', `\`${name}\` is not JSON`);
  }
}

export function numberQuery(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new StoreFault(400, 'query_parse_error', `Invalid value for integer: "${name}"`);
  return Number(text);
}

export const flag = (query: URLSearchParams, name: string): boolean => query.get(name) === 'true';

/** Writes and waits until the socket has room again, so that a slow reader holds back the reading of the database. */
export async function writeChunk({ res, signal }: Pick<Call, 'res' | 'signal'>, text: string): Promise<void> {
  if (res.write(text) || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      res.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    res.on('drain', done);
    signal.addEventListener('abort', done);
  });
}

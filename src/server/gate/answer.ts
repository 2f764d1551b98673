import type { ServerResponse } from 'node:http';

/** An answer of the gate's own, in CouchDB's shape. */
export class GateFault extends Error {
  readonly status: number;
  readonly error: string;
  readonly retryAfterSeconds: number | undefined;
  constructor(status: number, error: string, reason: string, retryAfterSeconds?: number) {
    super(reason);
    this.status = status;
    this.error = error;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const badRequest = (reason: string) => new GateFault(400, 'bad_request', reason);
export const notFound = () => new GateFault(404, 'not_found', 'missing');
/** An unknown circle and one of others' must look alike. */
export const noCircle = () => new GateFault(404, 'not_found', 'Database does not exist.');
export const tooLarge = () => new GateFault(413, 'too_large', 'the request entity is too large');
export const tooOften = (seconds: number) =>
  new GateFault(429, 'too_many_requests', 'Too much at once; try again later.', seconds);
export const databaseDown = () =>
  new GateFault(503, 'unavailable', 'The database does not answer; try again later.', 5);

/** The hub is about to end; another is there in a moment. */
export const sendStopping = (res: ServerResponse): void => sendFault(res, databaseDown());

/** Nothing of the database's own headers goes out. Answers are a member's, so no cache may keep them. */
export const jsonHead = { 'content-type': 'application/json', 'cache-control': 'private, no-store' };

export function sendText(
  res: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {}
): void {
  const bytes = Buffer.from(text);
  res.writeHead(status, { ...jsonHead, ...headers, 'content-length': bytes.length });
  res.end(bytes);
}

export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  sendText(res, status, `${JSON.stringify(body)}\n`);
}

export function sendFault(res: ServerResponse, { status, error, message, retryAfterSeconds }: GateFault): void {
  const headers: Record<string, string> = retryAfterSeconds ? { 'retry-after': String(retryAfterSeconds) } : {};
  sendText(res, status, `${JSON.stringify({ error, reason: message })}\n`, headers);
}

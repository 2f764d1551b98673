import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { ApiError, errorBody, localeOf } from './errors.ts';
import type { Answer } from './router.ts';
import { isTooDeep } from './too-deep.ts';

/** What is read away at most of a body that is too large, before the connection is closed instead. */
const readAwayBytes = 32 * 1024 * 1024;

/** The whole body. What is beyond `limit` is read away first (413 reaches a client only after it has sent all), never kept. */
export async function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > limit + readAwayBytes) break;
  }
  if (bytes > limit) throw new ApiError('too-large');
  return Buffer.concat(chunks);
}

/** The parsed JSON body; undefined when there is none, 400 for what is none or nested so deep that a walk over it would not end well. */
export async function readJson(req: IncomingMessage, limit: number): Promise<unknown> {
  const body = await readBody(req, limit);
  if (body.length === 0) return undefined;
  const text = body.toString('utf8');
  if (isTooDeep(text)) throw new ApiError('bad-json');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiError('bad-json');
  }
}

/** Whether a body comes that does not say it is JSON: the forms and text that a foreign page could send without asking. */
export function isForeignBody(req: IncomingMessage): boolean {
  const comes = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  const type = (req.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  return comes && type !== 'application/json';
}

/** Sends an answer. Unless it says otherwise nobody keeps it. */
export function send(res: ServerResponse, { status, body, raw, headers = {} }: Answer): void {
  const content = raw ?? (body === undefined ? '' : `${JSON.stringify(body)}\n`);
  res.setHeader('cache-control', 'no-store');
  if (raw === undefined && content !== '') res.setHeader('content-type', 'application/json; charset=utf-8');
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (status !== 204 && status !== 304) res.setHeader('content-length', Buffer.byteLength(content));
  res.writeHead(status).end(content);
}

/** Answers a refusal in the caller's language. */
export function sendError(req: IncomingMessage, res: ServerResponse, error: ApiError): void {
  const headers: Record<string, string> =
    error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) };
  send(res, { status: error.status, body: errorBody(error, localeOf(req.headers['accept-language'])), headers });
}

/**
 * The caller's address, for rate limits. The hub speaks plain http, so an https `ORIGIN` means that a proxy stands in front, and
 * the last entry of its `X-Forwarded-For` is what the proxy itself saw; otherwise that header is anybody's word and ignored.
 */
export function addressOf(req: IncomingMessage, origin: string): string {
  const peer = req.socket.remoteAddress ?? 'unknown';
  if (!origin.startsWith('https:')) return subscriberOf(peer);
  const entries = String(req.headers['x-forwarded-for'] ?? '').split(',');
  const forwarded = entries.at(-1)!.trim();
  return subscriberOf(isIP(forwarded) === 0 ? peer : forwarded);
}

/** One house has 2^64 addresses of IPv6 to guess from: what they share is the first half. */
function subscriberOf(address: string): string {
  const [plain = ''] = address.split('%');
  if (isIP(plain) !== 6 || plain.includes('.')) return address;
  const [head = '', tail] = plain.split('::');
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return `${[...left, ...Array<string>(zeros).fill('0'), ...right]
    .slice(0, 4)
    .map((part) => parseInt(part, 16).toString(16))
    .join(':')}::/64`;
}

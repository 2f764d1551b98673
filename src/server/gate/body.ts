import type { IncomingMessage } from 'node:http';
import { badRequest, GateFault, tooLarge } from './answer.ts';

/** 100 documents of 32 kB are PouchDB's own batch; with their histories they always fit. */
export const requestLimit = 8 * 1024 * 1024;

const deepest = 64;

// A refused body is read away, so that the sender gets to read the answer, but not for ever.
const patience = 8 * requestLimit;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The whole body as text; 413 beyond `limit`, told only after the body was read away. */
export async function readBody(req: IncomingMessage, limit: number): Promise<string> {
  const type = req.headers['content-type'];
  if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type)) {
    throw new GateFault(415, 'bad_content_type', 'Content-Type must be application/json');
  }
  if ((req.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new GateFault(415, 'bad_content_type', 'Content-Encoding is not taken');
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > patience) break;
    if (length <= limit) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (length > limit) throw tooLarge();
  try {
    return utf8.decode(Buffer.concat(chunks));
  } catch {
    throw badRequest('invalid UTF-8 JSON');
  }
}

/**
 * The JSON object in a text. Depth is counted on the text, before anything that recurses sees it. Of duplicate keys the last
 * counts, as everywhere in JavaScript; what goes upstream is written anew from this value.
 */
export function parseObject(text: string): Record<string, unknown> {
  if (isTooDeep(text)) throw badRequest('The JSON is nested too deeply');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest('invalid UTF-8 JSON');
  }
  if (!isObject(value)) throw badRequest('Request body must be a JSON object');
  return value;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const quote = 0x22;
const backslash = 0x5c;

/** Whether brackets outside strings nest deeper than 64. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    // `[` and `{` differ from `]` and `}` by two, and from each other by the bit 0x20.
    else if ((code | 0x20) === 0x7b) depth += 1;
    else if ((code | 0x20) === 0x7d) depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

/** Where the string that begins at `start` closes; strings make up most of a body, so this uses the engine's own search. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

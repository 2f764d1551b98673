import type { IncomingMessage } from 'node:http';
import { isTooDeep } from '../too-deep.ts';
import { badRequest, GateFault, tooLarge, tooOften } from './answer.ts';
import type { Room } from './load.ts';

/** 100 documents of 32 kB are PouchDB's own batch; with their histories they always fit. */
export const requestLimit = 8 * 1024 * 1024;

// A refused body is read away, so that the sender gets to read the answer, but not for ever.
const patience = 8 * requestLimit;

/** One's own other requests are in the way, and they are soon done. */
const crowdedRetrySeconds = 2;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The whole body as text; 413 beyond `limit`, 429 beyond the person's room, both told only after the body was read away. */
export async function readBody(req: IncomingMessage, limit: number, room: Room): Promise<string> {
  const type = req.headers['content-type'];
  if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type)) {
    throw new GateFault(415, 'bad_content_type', 'Content-Type must be application/json');
  }
  if ((req.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new GateFault(415, 'bad_content_type', 'Content-Encoding is not taken');
  }
  const chunks: Buffer[] = [];
  let length = 0;
  let crowded = false;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > patience) break;
    if (!crowded && length <= limit && room.take(chunk.length)) {
      chunks.push(chunk);
      continue;
    }
    crowded ||= length <= limit;
    chunks.length = 0;
    room.clear();
  }
  if (length > limit) throw tooLarge();
  if (crowded) throw tooOften(crowdedRetrySeconds);
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

import { startPatience } from './changes.ts';
import { StoreFault, writeChunk, type Call } from './http.ts';
import type { Updates } from './updates.ts';

/** `GET /_db_updates`: normal, longpoll (one batch) and continuous (a line each). */
export async function sendDbUpdates(call: Call, updates: Updates): Promise<void> {
  const { query, res, signal } = call;
  const feed = query.get('feed') ?? 'normal';
  if (!['normal', 'longpoll', 'continuous'].includes(feed))
    throw new StoreFault(400, 'bad_request', 'Unknown `feed` type');
  let since = query.get('since') ?? '0';
  if (since === 'now') since = updates.last;
  if (updates.after(since) === null)
    throw new StoreFault(400, 'bad_request', 'Malformed sequence supplied in `since` parameter.');

  const patience = startPatience(call);
  const continuous = feed === 'continuous';
  res.writeHead(200, { 'content-type': 'application/json' });
  await writeChunk(call, continuous ? '\n' : '{"results":[\n');
  try {
    for (;;) {
      const rows = updates.after(since) ?? [];
      since = updates.last;
      const texts = rows.map((row) => JSON.stringify(row));
      if (rows.length > 0) await writeChunk(call, continuous ? `${texts.join('\n')}\n` : texts.join(',\n'));
      if (feed === 'normal' || (feed === 'longpoll' && rows.length > 0)) break;
      const ended = AbortSignal.any([signal, patience.signal]);
      if (ended.aborted) break;
      if (updates.last === since) await updates.next(null, ended);
    }
  } finally {
    patience.end();
  }
  const last = JSON.stringify(since);
  res.end(continuous ? `{"last_seq":${last}}\n` : `\n],\n"last_seq":${last}}\n`);
}

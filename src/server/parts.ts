import type { IncomingMessage } from 'node:http';
import type { Part } from './metrics.ts';

/** The path as it was sent: nothing is folded or decoded before the part that knows how looks at it. */
export function pathOf(req: IncomingMessage): string {
  return (req.url ?? '/').split('?', 1)[0]!;
}

/** Whether the answer is one that stays open until there is news. */
export function isStream({ url = '' }: IncomingMessage, path: string): boolean {
  return path === '/api/doorbell' || (partOf(path) === 'db' && /[?&]feed=longpoll(&|$)/.test(url));
}

/** Which part answers: data under `/api` and `/db`, and the app itself for the rest. */
export function partOf(path: string): Exclude<Part, 'stream'> {
  const first = path.split('/', 2)[1];
  return first === 'api' || first === 'db' ? first : 'page';
}

import type { IncomingHttpHeaders } from 'node:http';

/** Whether another site's page sent this. Both headers are the browser's own word; whoever sends neither is no browser. */
export function isCrossSite(headers: IncomingHttpHeaders, origin: string): boolean {
  const from = headers.origin;
  const site = headers['sec-fetch-site'];
  if (from !== undefined && from !== origin) return true;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

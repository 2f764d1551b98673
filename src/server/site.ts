import type { IncomingHttpHeaders } from 'node:http';

/** Whether another site's page sent this. Both headers are the browser's own word; whoever sends neither is no browser. */
export function isCrossSite(headers: IncomingHttpHeaders, origin: string): boolean {
  const from = headers.origin;
  const site = headers['sec-fetch-site'];
  if (from !== undefined && from !== origin) return true;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** The same for what only reads: a link on another site may open it in a tab of its own, where that site sees nothing of it. */
export function isCrossSiteRead(headers: IncomingHttpHeaders, origin: string): boolean {
  const isOpened = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return isCrossSite(headers, origin) && !(isOpened && headers.origin === undefined);
}

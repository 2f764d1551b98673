import type { ServerResponse } from 'node:http';

/**
 * The header's policy carries what a page's own meta policy cannot say or what never hurts; `script-src` and `style-src` stand in
 * the prerendered shell with the hashes of its inline start script, which a second policy without them would forbid.
 */
const pagePolicy = [
  "frame-ancestors 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "img-src 'self' blob: data:",
  "worker-src 'self'"
].join('; ');

/** Data is never a page: whatever a browser is tricked into showing of it may load and run nothing. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

const common: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()'
};

/** Half a year: long enough to protect, short enough to get out of a mistake. Subdomains are not ours to decide for. */
const strictTransport = 'max-age=15552000';

/** Puts the security headers on an answer before anything else is decided, so that every answer has them. */
export function setSecurityHeaders(res: ServerResponse, { isData, origin }: { isData: boolean; origin: string }): void {
  for (const [name, value] of Object.entries(common)) res.setHeader(name, value);
  res.setHeader('content-security-policy', isData ? dataPolicy : pagePolicy);
  if (origin.startsWith('https:')) res.setHeader('strict-transport-security', strictTransport);
}

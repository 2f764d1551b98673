import { m } from '#messages';

/** What to say when an act failed, and the field it belongs to. */
export type Problem = { text: string; field?: string };

/** Words a failure: the hub's own sentence where it sent one, else ours. */
export function problemOf(error: unknown, offlineText: string = m.auth_offline()): Problem {
  const { code, message, field } = (error ?? {}) as { code?: string; message?: string; field?: string };
  if (code === 'offline') return { text: offlineText };
  return { text: code && message ? message : m.auth_failed(), field };
}

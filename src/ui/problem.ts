import { m } from '#messages';

/** What to say when an act failed, and the field it belongs to. */
export type Problem = { text: string; field?: string };

type HubRefusal = { code: string; status: number; message: string; field: string };

/** Words a failure: the hub's own sentence where it sent one, else ours. */
export function problemOf(error: unknown, offlineText: string = m.auth_offline()): Problem {
  const { code, status, message, field } = (error ?? {}) as Partial<HubRefusal>;
  if (code === 'offline') return { text: offlineText };
  return { text: status && message ? message : m.auth_failed(), field };
}

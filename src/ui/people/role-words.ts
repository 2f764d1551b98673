import type { Role } from '#domain/kinds.ts';
import { m } from '#messages';

export function roleWord(role: Role): string {
  if (role === 'steward') return m.circles_role_steward();
  return role === 'newcomer' ? m.circles_role_newcomer() : m.circles_role_member();
}

import { m } from '#messages';

type Role = 'newcomer' | 'member' | 'steward';

export function roleWord(role: Role): string {
  if (role === 'steward') return m.circles_role_steward();
  return role === 'newcomer' ? m.circles_role_newcomer() : m.circles_role_member();
}

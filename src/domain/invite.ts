import type { Role } from './member/member.ts';

/** Whoever may bring others in: a newcomer may not yet. */
export const canInvite = (role: Role): boolean => role !== 'newcomer';

/** Whoever made an invite takes it back, and a steward any. */
export const canRevoke = (by: { person: string; role: Role }, invite: { createdBy: string }): boolean =>
  by.role === 'steward' || (canInvite(by.role) && invite.createdBy === by.person);

/** Whether an invite still lets somebody in at `nowMs`. */
export const isOpenInvite = (
  invite: { uses: number; used: number; expiresAt: string; revokedAt?: string | undefined },
  nowMs: number
): boolean => !invite.revokedAt && invite.used < invite.uses && Date.parse(invite.expiresAt) > nowMs;

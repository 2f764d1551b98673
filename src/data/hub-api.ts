import type { Role } from '#domain/kinds.ts';

/** What `/api/me` tells: who I am, which circles I see, and the hub's era (it changes after a restore). */
export type Me = {
  id: string;
  login: string;
  name: string;
  era: string;
  circles: MyCircle[];
};

export type MyCircle = {
  id: string;
  name: string;
  circleKind: 'circle' | 'chapter';
  role: Role;
  leftAt?: string;
};

export type Invite = {
  invite: string;
  createdAt: string;
  expiresAt: string;
  uses: number;
  used: number;
  createdBy: string;
  revokedAt?: string;
};
export type NewInvite = { invite: string; token: string; url: string };
export type InviteInfo = {
  circle: { id?: string; name: string; circleKind?: string };
  invitedBy?: string;
  expiresAt?: string;
};
export type MemberInfo = {
  person: string;
  name: string;
  role: Role;
  invitedBy?: string;
  joinedAt: string;
  leftAt?: string;
};
export type SessionInfo = {
  id: string;
  createdAt: string;
  lastSeenAt: string;
  current: boolean;
  device?: string;
};
/** `needed`: there is no account yet and the set-up link makes the first; `open`: anybody may make one. */
export type SetupState = { needed: boolean; open: boolean };

/** An answer of the hub that was no success. `code` is `offline` when no answer came at all. */
export class HubError extends Error {
  override name = 'HubError';
  status: number;
  code: string;
  field: string | undefined;
  constructor(status: number, code: string, message: string, field?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

/** The calls of `/api` (surface.md), each resolving with the answer's body or rejecting with HubError. */
export function createHubApi(doFetch: typeof fetch = (...args) => fetch(...args)) {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    let answer: Response;
    try {
      answer = await doFetch(`/api/${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          // The hub words its refusals; the page may stand in another language than the browser.
          ...(globalThis.document ? { 'accept-language': document.documentElement.lang } : {})
        },
        body: body === undefined ? null : JSON.stringify(body)
      });
    } catch {
      throw new HubError(0, 'offline', 'The hub cannot be reached.');
    }
    const text = await answer.text();
    const json = parseJson(text);
    if (answer.ok) return json as T;
    const error = (json as { error?: { code?: string; message?: string; field?: string } } | null)?.error;
    throw new HubError(
      answer.status,
      error?.code ?? (answer.status >= 500 ? 'offline' : 'unknown'),
      error?.message ?? answer.statusText,
      error?.field
    );
  }
  const circle = (id: string) => `circles/${encodeURIComponent(id)}`;
  const member = (id: string, person: string) => `${circle(id)}/members/${encodeURIComponent(person)}`;
  const invite = (token: string) => `invites/${encodeURIComponent(token)}`;

  return {
    setupState: () => call<SetupState>('GET', 'setup'),
    createAccount: (account: { login: string; name: string; password: string; invite?: string; setup?: string }) =>
      call<Me>('POST', 'accounts', account),
    signIn: (by: { login: string; password: string } | { code: string }) => call<Me>('POST', 'session', by),
    signOut: () => call<void>('DELETE', 'session'),
    handoff: () => call<{ code: string }>('POST', 'session/handoff', {}),
    me: () => call<Me>('GET', 'me'),
    createCircle: (fields: { name: string; circleKind: 'circle' | 'chapter'; city?: string; parent?: string }) =>
      call<{ id: string }>('POST', 'circles', fields),
    changeCircle: (id: string, fields: { name?: string; city?: string; rules?: string }) =>
      call<void>('PATCH', circle(id), fields),
    invites: (id: string) => call<Invite[]>('GET', `${circle(id)}/invites`),
    createInvite: (id: string, terms: { uses?: number; expiresInHours?: number } = {}) =>
      call<NewInvite>('POST', `${circle(id)}/invites`, terms),
    revokeInvite: (id: string, which: string) =>
      call<void>('DELETE', `${circle(id)}/invites/${encodeURIComponent(which)}`),
    inviteInfo: (token: string) => call<InviteInfo>('GET', invite(token)),
    acceptInvite: (token: string) => call<{ circle: string }>('POST', `${invite(token)}/accept`, {}),
    members: (id: string) => call<MemberInfo[]>('GET', `${circle(id)}/members`),
    setRole: (id: string, person: string, role: Role) => call<void>('PATCH', member(id, person), { role }),
    removeMember: (id: string, person: string) => call<void>('DELETE', member(id, person)),
    changePassword: (passwords: { current: string; next: string }) => call<void>('POST', 'password', passwords),
    recoveryCodes: (current: string) => call<{ codes: string[] }>('POST', 'recovery-codes', { current }),
    recover: (by: { login: string; code: string; password: string }) => call<Me>('POST', 'recover', by),
    sessions: () => call<SessionInfo[]>('GET', 'sessions'),
    endSession: (id: string) => call<void>('DELETE', `sessions/${encodeURIComponent(id)}`),
    rename: (name: string) => call<Me>('PATCH', 'me', { name })
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const hubApi = createHubApi();

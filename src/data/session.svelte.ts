import type { Me } from './hub-api.ts';

export type SessionState = 'starting' | 'signed-out' | 'signed-in' | 'insecure';

class Session {
  state = $state<SessionState>('starting');
  me = $state.raw<Me | null>(null);
  /** The hub asks the same person to sign in again; nothing was deleted and the device carries on. */
  needsSignIn = $state(false);
  /** The read model is open and the first queries can be asked: `data-ready`. */
  ready = $state(false);

  async start(): Promise<void> {
    this.state = 'signed-out';
  }
  /** After createAccount, signIn or recover. Somebody else's data on this browser is deleted first (unsent: see unsentOfAnother). */
  async signedIn(me: Me): Promise<void> {
    this.me = me;
    this.state = 'signed-in';
  }
  async signOut(opts: { everywhere?: boolean } = {}): Promise<void> {
    void opts;
    this.me = null;
    this.state = 'signed-out';
  }
  /** Asks `/api/me` again: new circles, roles, removal. */
  async refresh(): Promise<void> {}
}

export const session = new Session();

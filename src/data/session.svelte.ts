import { setClockOffset } from './clock.ts';
import { closeDevice, deleteDevice, ask, onDevice, openDevice } from './device.ts';
import { DeviceError } from './device-error.ts';
import { endingKey, isEnding, markEnding, seemsEnding, unmarkEnding } from './ending.ts';
import { firstScreen } from './first-screen.ts';
import { HubError, hubApi, type Me } from './hub-api.ts';
import { meInPage } from './names.ts';
import { sync } from './sync.svelte.ts';

export type SessionState = 'starting' | 'signed-out' | 'signed-in' | 'insecure';

/** Who is signed in on this device; the hub's answer comes later and deletes nothing (design §6). */
class Session {
  state = $state<SessionState>('starting');
  me = $state.raw<Me | null>(null);
  /** The hub asks the same person to sign in again; the device carries on meanwhile. */
  needsSignIn = $state(false);
  /** The device is open and can be asked: `data-ready`. */
  ready = $state(false);
  #tabs: BroadcastChannel | null = null;

  async start(): Promise<void> {
    if (this.state !== 'starting') return;
    if (!isSecureContext) {
      this.state = 'insecure';
      return;
    }
    onDevice((told) => {
      if (told.type === 'me') this.#keep(told.me);
      else if (told.type === 'needs-sign-in') this.needsSignIn = true;
      else if (told.type === 'status') setClockOffset(told.status.clockOffsetMs);
    });
    this.#tabs = new BroadcastChannel('jujube:session');
    this.#tabs.onmessage = () => void this.#leave();
    addEventListener('online', () => this.state === 'signed-out' && void endWhatIsLeft().catch(() => undefined));
    const known = remembered() ?? (await rememberedByStore());
    if (!known) return this.#askHub();
    if (await isEnding().catch(() => false)) await this.#carryOn(known.id);
    else await this.#open(known);
  }

  /**
   * After createAccount, signIn or recover. With work of another person unsent in this browser it rejects with
   * DeviceError `unsent-of-another` (its message is how many); with `discard` that person's data is deleted.
   */
  async signedIn(me: Me, { discard = false } = {}): Promise<void> {
    const before = remembered();
    if (before && before.id !== me.id) {
      const unsent = sync.waiting + sync.refused;
      if (unsent > 0 && !discard) throw new DeviceError('unsent-of-another', String(unsent));
      await this.#forget(before.id);
    }
    await unmarkEnding();
    this.needsSignIn = false;
    if (before?.id === me.id && this.state === 'signed-in') {
      this.#keep(me);
      await ask('resume', me);
    } else await this.#open(me);
  }

  /** Ends the session here and at the hub and deletes everything of this person from this browser. */
  async signOut(): Promise<void> {
    await markEnding();
    const isOver = await endAtHub().then(
      () => true,
      () => false
    );
    if (this.me) await this.#forget(this.me.id);
    if (isOver) await unmarkEnding();
    this.state = 'signed-out';
  }

  /** Asks `/api/me` again: new circles, roles, removal. */
  async refresh(): Promise<void> {
    if (this.state === 'signed-in') await ask('refreshMe');
  }

  /** The browser ended in the middle of a sign-out, or before it had written down that nobody is signed in. */
  async #carryOn(account: string): Promise<void> {
    await this.#forget(account);
    await this.#askHub();
  }

  async #askHub(): Promise<void> {
    try {
      await endWhatIsLeft();
      await this.#open(await hubApi.me());
    } catch {
      this.state = 'signed-out';
    }
  }

  async #open(me: Me): Promise<void> {
    this.#keep(me);
    this.state = 'signed-in';
    try {
      await openDevice(me);
    } catch (error) {
      sync.storage = 'broken';
      reportError(error);
    }
    this.ready = true;
  }

  #keep(me: Me): void {
    this.me = me;
    localStorage.setItem(meInPage, JSON.stringify(me));
    firstScreen.forgetUnless(me.circles.flatMap(({ id, leftAt }) => (leftAt ? [] : [id])));
  }

  async #forget(account: string): Promise<void> {
    this.#tabs?.postMessage('signed-out');
    await this.#leave();
    await deleteDevice(account);
    for (const name of await caches.keys()) if (!name.includes('precache')) await caches.delete(name);
    const registration = await navigator.serviceWorker?.getRegistration();
    await (await registration?.pushManager?.getSubscription())?.unsubscribe();
    const keys = Object.keys(localStorage).filter((key) => key.startsWith('jujube') && !kept.has(key));
    for (const key of keys) localStorage.removeItem(key);
  }

  /** This tab lets go of everything; the one that signed out deletes it. */
  async #leave(): Promise<void> {
    await closeDevice();
    sync.reset();
    this.me = null;
    this.needsSignIn = false;
    this.ready = false;
    if (this.state === 'signed-in') this.state = 'signed-out';
  }
}

/** Not about a person: the marker, and how the screen is to look. */
const kept = new Set([endingKey, 'jujube-theme']);

/** Read before anything is drawn, so that a device opened offline shows its data without asking anybody. */
function remembered(): Me | null {
  try {
    return JSON.parse(localStorage.getItem(meInPage) ?? 'null') as Me | null;
  } catch {
    return null;
  }
}

/** What a crash made localStorage forget. */
async function rememberedByStore(): Promise<Me | null> {
  const { meInStore } = await import('./remembered.ts');
  return meInStore().catch(() => null);
}

/** Ends the session at the hub; rejects while the hub cannot be asked. */
async function endAtHub(): Promise<void> {
  try {
    await hubApi.signOut();
  } catch (error) {
    if (!(error instanceof HubError) || error.status !== 401) throw error;
  }
}

/** What was signed out without a network. */
async function endWhatIsLeft(): Promise<void> {
  if (!seemsEnding() && !(await isEnding().catch(() => false))) return;
  await endAtHub();
  await unmarkEnding();
}

export const session = new Session();

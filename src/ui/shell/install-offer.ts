import { m } from '#messages';
import { install } from '../me/install.svelte.ts';

const storeKey = 'jujube-install-offered';

/** What goes with the word of a first success, once: the app on the home screen, where the browser can do it by a tap. */
export function installOffer(): { action?: { label: string; run: () => void } } {
  if (install.way !== 'ask' || localStorage.getItem(storeKey)) return {};
  localStorage.setItem(storeKey, 'yes');
  return { action: { label: m.kit_install(), run: () => void install.ask() } };
}

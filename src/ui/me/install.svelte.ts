import { inWeChat, isApplePhone } from '../people/browser.ts';

type InstallPrompt = Event & { prompt(): Promise<unknown>; userChoice: Promise<{ outcome: string }> };
type InstallWay = 'ask' | 'apple' | 'wechat' | 'menu' | 'installed';

let kept = $state.raw<InstallPrompt | null>(null);
let done = $state(false);

/** Keeps the browser's one offer for our own button; to be listened for from the first moment on. */
export function keepInstallPrompt() {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    kept = event as InstallPrompt;
  });
  addEventListener('appinstalled', () => {
    kept = null;
    done = true;
  });
}

export const install = {
  /** How this browser gets the app onto the home screen. */
  get way(): InstallWay {
    if (done || isStandalone()) return 'installed';
    if (kept) return 'ask';
    if (inWeChat()) return 'wechat';
    return isApplePhone() ? 'apple' : 'menu';
  },
  async ask() {
    const prompt = kept;
    kept = null; // a browser takes one answer per offer
    await prompt?.prompt();
    if ((await prompt?.userChoice)?.outcome === 'accepted') done = true;
  }
};

function isStandalone(): boolean {
  return (
    matchMedia('(display-mode: standalone)').matches || ('standalone' in navigator && navigator.standalone === true)
  );
}

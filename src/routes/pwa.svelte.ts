import type { Workbox } from 'workbox-window';

const hourMs = 3_600_000; // how often a page that stays open asks for a newer build

let offlineReady = $state(false);
let updateReady = $state(false);
let worker: Workbox | null = null;
let starting: Promise<unknown> | null = null;

/** The installed app: whether every path opens without a network, and whether a newer build waits for a tap. */
export const pwa = {
  get offlineReady() {
    return offlineReady;
  },
  get updateReady() {
    return updateReady;
  },
  /** Registers the service worker, once; does nothing where there can be none (plain http). */
  start() {
    if ('serviceWorker' in navigator) starting ??= register().catch(() => (starting = null)); // the line went meanwhile
  },
  /** Goes over to the waiting build. Only ever called by a tap, so that no edit is cut short. */
  async apply() {
    const registration = await navigator.serviceWorker.getRegistration();
    if (!registration?.waiting) return location.reload();
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    worker?.messageSkipWaiting();
  }
};

async function register() {
  const { Workbox } = await import('workbox-window');
  const own = (worker = new Workbox('/service-worker.js', { updateViaCache: 'none' }));
  own.addEventListener('waiting', () => (updateReady = true));
  own.addEventListener('controlling', ({ isUpdate }) => {
    if (isUpdate)
      updateReady = true; // another tab went over
    else offlineReady = true;
  });
  await own.register({ immediate: true });
  if (navigator.serviceWorker.controller) offlineReady = true;
  const check = () => void own.update().catch(() => undefined); // no network: the next time will do
  setInterval(check, hourMs);
  addEventListener('online', check);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && check());
}

import type { Workbox } from 'workbox-window';

type Told = { ready: () => void; update: (reload: () => void) => void };

/** Registers the shell's service worker; tells when every path opens offline and when a newer app waits. */
export async function keepShell(told: Told) {
  if (!('serviceWorker' in navigator)) return;
  const { Workbox } = await import('workbox-window');
  const workbox = new Workbox('/service-worker.js', { type: 'module' });
  workbox.addEventListener('waiting', () => told.update(() => takeOver(workbox)));
  await workbox.register();
  await navigator.serviceWorker.ready;
  told.ready();
}

function takeOver(workbox: Workbox) {
  workbox.addEventListener('controlling', () => location.reload());
  workbox.messageSkipWaiting();
}

/// <reference no-default-lib="true"/>
/// <reference lib="esnext" />
/// <reference lib="webworker" />
/// <reference types="@sveltejs/kit" />
import { build, files, prerendered, version } from '$service-worker';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope;

// What opens the app with no network, and no more: screenshots and store pictures are for the shop window.
const shell = '/';
const needed = new Set(['/manifest.webmanifest', '/icons/icon.svg', '/icons/icon-192.png']);
const immutable = /^\/_app\/immutable\//;

const paths = [...build, ...files.filter((path) => needed.has(path)), ...prerendered.filter((path) => path === shell)];

// A name with a hash never changes its content; anything else belongs to this build.
precacheAndRoute(paths.map((url) => ({ url, revision: immutable.test(url) ? null : version })));
cleanupOutdatedCaches();

// Every screen is the same page; /api, /db and what a stranger sees (/s) are the hub's.
registerRoute(new NavigationRoute(createHandlerBoundToURL(shell), { denylist: [/^\/(api|db|s)(\/|$)/] }));

// The first visit is offline-ready without a second one.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// A new build waits until somebody taps: it never changes the page under an edit.
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});

import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

// Only the app's own files are kept here. People's stories and the API never pass through this cache.
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();

registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/collect/index.html'), { allowlist: [/^\/collect(\/|$)/] }),
);

// The old app goes on until somebody agrees to the new one: a recording may be running.
self.addEventListener('message', (event) => {
  const asked = (event.data as { type?: string } | null)?.type;
  if (asked === 'SKIP_WAITING') void self.skipWaiting();
  if (asked === 'CLAIM') event.waitUntil(self.clients.claim());
});
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

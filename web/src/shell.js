/** The room's own files, kept in the browser so that the room opens without a line. No answer of `/api` is kept:
 *  what the record says is asked for each time. The build puts the list of files in place of FILES. */
const files = FILES;
const shelf = `amana-shell ${files.join(' ')}`;

self.addEventListener('install', (event) => {
  const keep = async () => {
    const kept = await caches.open(shelf);
    await kept.addAll(['/', ...files]);
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener('activate', (event) => {
  const tidy = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith('amana-shell') && name !== shelf);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || pathname.startsWith('/api/')) return;
  // A page is the server's while it can be reached: a newer build is there at once.
  if (request.mode === 'navigate') event.respondWith(fetch(request).catch(() => caches.match('/')));
  // A file's name changes with what is in it.
  else if (files.includes(pathname)) event.respondWith(kept(request));
});

async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}

// Keeps the page for the time without a network. BUILD, FILES and LATER are put in front by make.mjs: a build has a cache
// of its own, with all of its files, so that no two builds are ever mixed. Those of LATER come in when they are wanted.
const cacheName = `overtone ${registration.scope} ${BUILD}`;
const isOurs = (name) => name.startsWith(`overtone ${registration.scope} `);

const isPage = (url) =>
  ["", "index.html"].some((name) => new URL(name, registration.scope).href === url.split(/[?#]/)[0]);

addEventListener("install", (event) => {
  // The files' names change with their content, but for a few that the browser may have kept from another build.
  const requests = FILES.map((file) => new Request(file, { cache: "no-cache" }));
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(requests)));
});

addEventListener("activate", (event) => {
  const cleanUp = async () => {
    const before = (await caches.keys()).filter((name) => isOurs(name) && name !== cacheName);
    const cache = await caches.open(cacheName);
    // What has come in once stays, if this build has it too.
    for (const file of LATER) {
      const request = new URL(file, registration.scope).href;
      for (const name of before) {
        const kept = await (await caches.open(name)).match(request);
        // Where there is no room for both, it is fetched once more when it is wanted.
        if (kept) await cache.put(request, kept).catch(() => {});
      }
    }
    await Promise.all(before.map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(cleanUp());
});

// The visitor wants the newer page.
addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  // Other pages may stand below this one, where it has the top of a domain.
  if (request.mode === "navigate" && !isPage(request.url)) return;
  const answer = async () => {
    const cache = await caches.open(cacheName);
    // boot.js is asked for with the names of the hashed files behind a question mark.
    const kept = await cache.match(request.mode === "navigate" ? "./" : request, { ignoreSearch: true });
    if (!kept) {
      const fetched = await fetch(request);
      const isLater = LATER.some((file) => new URL(file, registration.scope).href === request.url);
      // Where there is no room for it, it is still there now.
      if (isLater && fetched.ok) await cache.put(request, fetched.clone()).catch(() => {});
      return fetched;
    }
    // The names are all that boot.js has in a worker: a response that has an address of its own would hide them.
    return kept.url === request.url ? kept : new Response(kept.body, kept);
  };
  event.respondWith(answer());
});

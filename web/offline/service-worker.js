// Keeps the page for the time without a network. BUILD, FILES and LATER are put in front by make.mjs: a build has a cache
// of its own, with all of its files, so that no two builds are ever mixed. Those of LATER come in when they are wanted.
const cacheName = `overtone ${registration.scope} ${BUILD}`;

/** The names of the caches of other builds. */
const otherBuilds = async () =>
  (await caches.keys()).filter((name) => name.startsWith(`overtone ${registration.scope} `) && name !== cacheName);

const isPage = (url) =>
  ["", "index.html"].some((name) => new URL(name, registration.scope).href === url.split(/[?#]/)[0]);

addEventListener("install", (event) => {
  // The files' names change with their content, but for a few. Where the browser or the host gives another build's, nothing
  // is kept, and the browser tries again on the next visit.
  const requests = FILES.map(([file, integrity]) => new Request(file, { cache: "no-cache", integrity }));
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(requests)));
});

addEventListener("activate", (event) => {
  const cleanUp = async () => {
    const before = await otherBuilds();
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
    // Other tabs than the one whose visitor has asked for this build go on with theirs. Its cache goes with a later build.
    const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
    const tabs = windows.filter(({ url }) => url.startsWith(registration.scope));
    if (tabs.length < 2) await Promise.all(before.map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(cleanUp());
});

// The visitor wants the newer page.
addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
});

/** What is kept of this build, or else of another one that a tab still shows: its files have other names. */
async function find(wanted) {
  for (const name of [cacheName, ...(await otherBuilds())]) {
    // boot.js is asked for with the names of the hashed files behind a question mark.
    const kept = await caches.match(wanted, { cacheName: name, ignoreSearch: true });
    if (kept) return kept;
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  // Other pages may stand below this one, where it has the top of a domain.
  if (request.mode === "navigate" && !isPage(request.url)) return;
  const answer = async () => {
    const kept = await find(request.mode === "navigate" ? "./" : request);
    if (!kept) {
      const fetched = await fetch(request);
      const isLater = LATER.some((file) => new URL(file, registration.scope).href === request.url);
      if (isLater && fetched.ok) {
        const cache = await caches.open(cacheName);
        // Where there is no room for it, it is still there now.
        await cache.put(request, fetched.clone()).catch(() => {});
      }
      return fetched;
    }
    // The names are all that boot.js has in a worker: a response that has an address of its own would hide them.
    return kept.url === request.url ? kept : new Response(kept.body, kept);
  };
  event.respondWith(answer());
});

// Pages once visited open without a network. A page is always asked of the network first, so that none is old while
// there is one; files whose names say what is in them are asked of the device first.
const PAGES = "pages";
const FILES = "files";
const MOST = { [PAGES]: 80, [FILES]: 250 };
const LANGUAGES = ["fr", "ar", "en"];
const PAGE = /^\/(fr|ar|en)\//;
const FIXED = /^\/(static\/.*\.[0-9a-f]{12}\.|media\/)/;

const offlinePage = (language) => `/${language}/offline/`;

// Keep an answer that is for everyone; what is asked for last stays longest.
async function keep(name, request, response) {
  if (response.status !== 200 || response.type !== "basic") return;
  if ((response.headers.get("Cache-Control") || "").includes("no-store")) return;
  const cache = await caches.open(name);
  await cache.delete(request, { ignoreVary: true });
  await cache.put(request, response);
  const kept = await cache.keys();
  const later = kept.filter((one) => !new URL(one.url).pathname.endsWith("/offline/"));
  await Promise.all(later.slice(0, -MOST[name]).map((one) => cache.delete(one, { ignoreVary: true })));
}

async function page(event) {
  try {
    const response = await fetch(event.request);
    if ((response.headers.get("Content-Type") || "").startsWith("text/html")) {
      event.waitUntil(keep(PAGES, event.request, response.clone()));
    }
    return response;
  } catch (error) {
    const cache = await caches.open(PAGES);
    const [, language] = PAGE.exec(new URL(event.request.url).pathname);
    const kept = (address) => cache.match(address, { ignoreVary: true });
    return (await kept(event.request)) || (await kept(offlinePage(language))) || Promise.reject(error);
  }
}

async function file(event) {
  const kept = await (await caches.open(FILES)).match(event.request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(event.request);
  event.waitUntil(keep(FILES, event.request, response.clone()));
  return response;
}

// A part of a list that can't be had: the whole page is tried instead, which may be on the device.
async function part(event) {
  try {
    return await fetch(event.request);
  } catch {
    return new Response("", { headers: { "HX-Redirect": event.request.url } });
  }
}

// The pages that say that there is no network, and the files they show.
async function prepare() {
  for (const language of LANGUAGES) {
    const response = await fetch(offlinePage(language), { cache: "no-cache" });
    const html = await response.clone().text();
    await keep(PAGES, new Request(offlinePage(language)), response);
    for (const [, address] of html.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)) {
      if (FIXED.test(address)) await keep(FILES, new Request(address), await fetch(address));
    }
  }
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(prepare());
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (FIXED.test(url.pathname)) event.respondWith(file(event));
  else if (!PAGE.test(url.pathname) || url.searchParams.has("format")) return;
  else if (request.mode === "navigate") event.respondWith(page(event));
  else if (request.headers.has("HX-Request")) event.respondWith(part(event));
});

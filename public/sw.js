// Keeps the whole site, so that it starts at once and without the network. Data is not its business: the client's
// own store keeps that. The site's build fills in `BUILD`: version, files, and which file serves which address.
import * as media from "./sw-media.js";

const { version, files, pages, notFound } = BUILD;
const CACHE = `site-${version}`;
// What the server answers; of its media this keeps the pictures.
const SERVER = ["graphql", "auth", "ws", "dev", "healthz", "originals"];
const isServer = (path) => [...SERVER, "media"].includes(path.split("/")[1]);
const kept = new Set(files);

const shells = pages.map(({ route, file }) => ({
  file,
  matches: new RegExp(`^${route.replace(/:[a-z]+/g, "[^/]+")}$`),
}));

function shellOf(path) {
  const bare = path.length > 1 ? path.replace(/\/$/, "") : path;
  return `/${shells.find(({ matches }) => matches.test(bare))?.file ?? notFound}`;
}

async function install() {
  const cache = await caches.open(CACHE);
  // Files named by their content may come from the browser's own cache; the others must be fresh.
  await cache.addAll(
    files.map((file) => new Request(file, { cache: file.startsWith("/assets/") ? "default" : "reload" })),
  );
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("site-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(file, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(file)) ?? fetch(request);
}

self.addEventListener("install", (event) => {
  // Where the browser knows routes, what goes to the server does not pass through here at all. Beside being quicker,
  // a request that fails while there is no connection then can't keep this worker busy, and a new one waiting.
  const routes = SERVER.map((name) => ({ condition: { urlPattern: { pathname: `/${name}{/*}?` } }, source: "network" }));
  if (event.addRoutes) event.waitUntil(event.addRoutes(routes));
  event.waitUntil(install());
});
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data === "apply") self.skipWaiting();
  else if (event.ports[0]) {
    const reply = async () => event.ports[0].postMessage(JSON.stringify(await media.answer(JSON.parse(event.data))));
    event.waitUntil(reply());
  }
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (media.isPicture(pathname)) return event.respondWith(media.picture(event, pathname));
  if (isServer(pathname)) return;
  if (kept.has(pathname)) event.respondWith(answer(pathname, request));
  else if (request.mode === "navigate") event.respondWith(answer(shellOf(pathname), request));
});

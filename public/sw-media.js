// Keeps pictures that were seen, so that they are there offline: by path, without the query that gives leave to fetch
// them, at most as many bytes as the person allows, those seen longest ago going first. Videos are not kept.
const CACHE = "media";
const PICTURE = /^\/media\/.+\.(avif|webp|jpg)$/;
const DEFAULT_LIMIT = 500_000_000;
// A picture that is looked at again counts as seen now, but not for every look at a strip.
const FRESH = 60_000;

/** Whether a request is for a picture. */
export function isPicture(pathname) {
  return PICTURE.test(pathname);
}

/** The picture that is kept, or the server's. */
export async function picture(event, pathname) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(pathname);
  if (found) {
    event.waitUntil(seen(pathname));
    return found;
  }
  const answer = await fetch(event.request);
  if (answer.status === 200 && answer.type === "basic") event.waitUntil(keep(pathname, answer.clone()));
  return answer;
}

/** What a page asks; the answer is what is kept then. */
export async function answer(question) {
  switch (question.media) {
    case "limit":
      await change("settings", (store) => store.put(question.bytes, "limit"));
      await trim();
      break;
    case "clear":
      await caches.delete(CACHE);
      await change("pictures", (store) => store.clear());
      break;
    case "keep": {
      const kept = new Set(question.paths);
      const gone = (await pictures()).filter(({ path }) => !kept.has(path.split("/").slice(2, 5).join("/")));
      await forget(gone);
      break;
    }
  }
  const all = await pictures();
  return { bytes: all.reduce((sum, { bytes }) => sum + bytes, 0), limit: await limit() };
}

async function keep(path, response) {
  const body = await response.blob();
  if (body.size > (await limit())) return;
  const cache = await caches.open(CACHE);
  await cache.put(path, new Response(body, { headers: response.headers }));
  await change("pictures", (store) => store.put({ path, bytes: body.size, seen: Date.now() }));
  await trim();
}

async function seen(path) {
  const one = await ask("pictures", (store) => store.get(path));
  const now = Date.now();
  if (one && now - one.seen > FRESH) await change("pictures", (store) => store.put({ ...one, seen: now }));
}

async function trim() {
  const [all, most] = [await pictures(), await limit()];
  let bytes = all.reduce((sum, one) => sum + one.bytes, 0);
  if (bytes <= most) return;
  const gone = [];
  for (const one of all.sort((a, b) => a.seen - b.seen)) {
    if (bytes <= most) break;
    bytes -= one.bytes;
    gone.push(one);
  }
  await forget(gone);
}

async function forget(gone) {
  const cache = await caches.open(CACHE);
  await Promise.all(gone.map(({ path }) => cache.delete(path)));
  await change("pictures", (store) => gone.forEach(({ path }) => store.delete(path)));
}

const pictures = () => ask("pictures", (store) => store.getAll());
const limit = async () => (await ask("settings", (store) => store.get("limit"))) ?? DEFAULT_LIMIT;

// A cache of the browser knows neither when a thing was last asked for nor how large it is: this does.
let database;

function open() {
  database ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("stack-pictures", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("pictures", { keyPath: "path" });
      request.result.createObjectStore("settings");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => {
      database = undefined;
      reject(request.error);
    };
  });
  return database;
}

async function ask(store, run) {
  const request = run((await open()).transaction(store).objectStore(store));
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function change(store, run) {
  const transaction = (await open()).transaction(store, "readwrite");
  run(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

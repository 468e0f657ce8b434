// Starts the client, then looks after the service worker that keeps the site for offline starts.
import init from "./app.js";
import { compiled } from "./parts.js";

// What a signed-in user sees is compiled beside the rest and not after it.
try {
  if (localStorage.getItem("stack-account")) SIGNED_IN_URLS.forEach(compiled);
} catch {} // no storage, nobody signed in

init({ module_or_path: WASM_URL });

// The client asks for it with the first video that the browser can't stream by itself.
globalThis.stackPlayer = () => import(PLAYER_URL);

// A new version waits until it is asked for. The page learns of it by the event `stack:update` on the window, and
// by `data-update` on the document for a listener that comes late; it says yes by the event `stack:apply-update`.
const HOUR = 3_600_000;

function offer(worker) {
  document.documentElement.dataset.update = "ready";
  window.addEventListener("stack:apply-update", () => worker.postMessage("apply"), { once: true });
  window.dispatchEvent(new Event("stack:update"));
}

function reloadOnceReplaced(container) {
  // The first worker of all takes over a page that is already right.
  let replaced = container.controller === null;
  let asked = false;
  window.addEventListener("stack:apply-update", () => (asked = true));
  container.addEventListener("controllerchange", () => {
    if (replaced) {
      replaced = false;
    } else if (asked || document.hidden) {
      location.reload();
    } else {
      // Another tab said yes: don't pull the page from under a person who is typing.
      document.addEventListener("visibilitychange", () => document.hidden && location.reload());
    }
  });
}

async function keep(container) {
  reloadOnceReplaced(container);
  const registration = await container.register("/sw.js");
  if (registration.waiting && container.controller) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker.addEventListener("statechange", () => {
      if (worker.state === "installed" && container.controller) offer(worker);
    });
  });
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - looked > HOUR) {
      looked = Date.now();
      registration.update().catch(() => {}); // offline: the next look will do
    }
  });
}

if ("serviceWorker" in navigator) {
  const start = () =>
    keep(navigator.serviceWorker).catch((error) => console.warn("The site is not kept for offline use.", error));
  if (document.readyState === "complete") start();
  else window.addEventListener("load", start, { once: true });
}

// What of the built site goes where in its bucket, and what is said of each file.

import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

export interface Upload {
  key: string;
  file: string;
  contentType: string;
  contentEncoding?: string;
  cacheControl: string;
}

/** As `server/src/site.rs` says. */
const TYPES: Record<string, string> = {
  avif: "image/avif",
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff2: "font/woff2",
};

const FORMS: Record<string, string> = { br: "br", gz: "gzip" };

/** Files here are named by their content. */
const ASSETS = "assets/";

/**
 * The uploads in the order in which they must happen: what pages refer to before the pages, and the service worker,
 * which tells devices that there is something new, last.
 */
export function uploads(folder: string): Upload[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const all = files.map((entry) => describe(folder, join(entry.parentPath, entry.name)));
  return all
    .filter(({ key }) => !key.startsWith("hosting.json"))
    .sort((one, other) => rank(one.key) - rank(other.key) || one.key.localeCompare(other.key));
}

function describe(folder: string, file: string): Upload {
  const key = relative(folder, file).split(sep).join("/");
  const [last, before] = key.split(".").reverse();
  const contentEncoding = FORMS[last ?? ""];
  const contentType = TYPES[(contentEncoding ? before : last) ?? ""] ?? "application/octet-stream";
  const cacheControl = key.startsWith(ASSETS) ? "public, max-age=31536000, immutable" : "no-cache";
  return { key, file, contentType, cacheControl, ...(contentEncoding ? { contentEncoding } : {}) };
}

function rank(key: string): number {
  if (key.startsWith(ASSETS)) return 0;
  if (/^sw[\w-]*\.js/.test(key)) return 3;
  return /\.html(\.\w+)?$/.test(key) ? 2 : 1;
}

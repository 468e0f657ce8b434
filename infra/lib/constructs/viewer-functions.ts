// The programs that CloudFront runs on each request, as text: they are written for its own small JavaScript.

import type { Hosting } from "../settings.ts";

/** Kinds of file that the site has beside their brotli and gzip forms (`xtask/src/site/compress.rs`). */
const COMPRESSED = ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest", "xml"];

/** Sends an address to its prerendered page, and a file to the smallest form that the browser takes. */
export function sitePages({ pages, headers }: Hosting, notFound: string): string {
  const answered = Object.entries({
    ...headers,
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
  });
  return `
var pages = ${JSON.stringify(pages.map(({ route, file }) => [segments(route), `/${file}`]))};
var compressed = ${JSON.stringify(COMPRESSED)};
var headers = ${JSON.stringify(Object.fromEntries(answered.map(([name, value]) => [name, { value }])))};
var missing = ${JSON.stringify(notFound)};
function page(path) {
  var given = path.replace(/^\\/+|\\/+$/g, "").split("/");
  for (var i = 0; i < pages.length; i++) {
    var wanted = pages[i][0];
    if (wanted.length !== given.length) continue;
    var serves = true;
    for (var j = 0; j < wanted.length && serves; j++) {
      serves = wanted[j] === given[j] || (wanted[j][0] === ":" && given[j] !== "");
    }
    if (serves) return pages[i][1];
  }
}
function accepts(header, coding) {
  return header.split(",").some(function (item) {
    var parts = item.split(";");
    return parts[0].trim() === coding && !/^\\s*q=0(\\.0*)?\\s*$/.test(parts[1] || "");
  });
}
function handler(event) {
  var request = event.request;
  var last = request.uri.slice(request.uri.lastIndexOf("/") + 1);
  var file = last.indexOf(".") > 0 ? request.uri : page(request.uri);
  if (!file) return { statusCode: 404, statusDescription: "Not Found", headers: headers, body: { encoding: "text", data: missing } };
  var accepted = request.headers["accept-encoding"] ? request.headers["accept-encoding"].value : "";
  var extension = file.slice(file.lastIndexOf(".") + 1);
  if (compressed.indexOf(extension) >= 0) {
    if (accepts(accepted, "br")) file += ".br";
    else if (accepts(accepted, "gzip")) file += ".gz";
  }
  request.uri = file;
  return request;
}
`;
}

/** Tells the API what only CloudFront knows for sure: the host that was asked for, and who asks. */
export const API_REQUEST = `
function handler(event) {
  var request = event.request;
  request.headers["x-stack-host"] = { value: request.headers.host.value };
  request.headers["x-stack-peer"] = { value: event.viewer.ip };
  return request;
}
`;

/** Names a variant as its bucket does. */
export const VARIANT_REQUEST = `
function handler(event) {
  var request = event.request;
  request.uri = request.uri.replace(/^\\/media\\//, "/");
  return request;
}
`;

/** Hands a playlist's maker the signature, which CloudFront takes away, for the addresses in the list. */
export const PLAYLIST_REQUEST = `
function handler(event) {
  var request = event.request;
  var names = ["Policy", "Signature", "Key-Pair-Id"];
  var pairs = [];
  for (var i = 0; i < names.length; i++) {
    var given = request.querystring[names[i]];
    if (given) pairs.push(names[i] + "=" + given.value);
  }
  request.headers["x-stack-access"] = { value: pairs.join("&") };
  return request;
}
`;

function segments(route: string): string[] {
  return route.replace(/^\/+|\/+$/g, "").split("/");
}

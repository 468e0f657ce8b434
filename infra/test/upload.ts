// What of the site goes where.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { uploads } from "../lib/upload.ts";

const folder = mkdtempSync(join(tmpdir(), "stack-site-"));
after(() => rmSync(folder, { recursive: true }));
for (const file of [
  "index.html",
  "index.html.br",
  "lists/_list.html",
  "sw.js",
  "sw.js.gz",
  "hosting.json",
  "hosting.json.br",
  "favicon.svg",
  "assets/app.1.wasm",
  "assets/app.1.wasm.br",
]) {
  mkdirSync(join(folder, file, ".."), { recursive: true });
  writeFileSync(join(folder, file), file);
}
const all = uploads(folder);

test("what pages refer to goes first, and what announces a release last", () => {
  assert.deepEqual(
    all.map(({ key }) => key),
    [
      "assets/app.1.wasm",
      "assets/app.1.wasm.br",
      "favicon.svg",
      "index.html",
      "index.html.br",
      "lists/_list.html",
      "sw.js",
      "sw.js.gz",
    ],
  );
});

test("a smaller form is the same file in another coding", () => {
  const found = (key: string) => all.find((upload) => upload.key === key);
  assert.deepEqual(
    { ...found("assets/app.1.wasm.br"), file: "" },
    {
      key: "assets/app.1.wasm.br",
      file: "",
      contentType: "application/wasm",
      contentEncoding: "br",
      cacheControl: "public, max-age=31536000, immutable",
    },
  );
  assert.equal(found("index.html")?.contentEncoding, undefined);
  assert.equal(found("sw.js.gz")?.contentEncoding, "gzip");
  assert.equal(found("index.html")?.cacheControl, "no-cache");
});

test("files are called what the local host calls them", () => {
  const site = readFileSync(join(import.meta.dirname, "../../server/src/site.rs"), "utf8");
  const named = [...site.matchAll(/^\s*"(\w+)" => "([^"]+)",$/gm)].map(([, extension, type]) => [extension, type]);
  assert.ok(named.length > 10);
  for (const [extension, type] of named) {
    writeFileSync(join(folder, `x.${extension}`), "");
    assert.equal(uploads(folder).find(({ key }) => key === `x.${extension}`)?.contentType, type, extension);
  }
});

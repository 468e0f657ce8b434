// The programs that run at CloudFront, run here.

import assert from "node:assert/strict";
import { test } from "node:test";
import { API_REQUEST, PLAYLIST_REQUEST, VARIANT_REQUEST, sitePages } from "../lib/constructs/viewer-functions.ts";
import { HOSTING } from "./support.ts";

type Handler = (event: any) => any;
const load = (code: string): Handler => new Function(`${code}; return handler;`)() as Handler;
const request = (uri: string, headers: Record<string, string> = {}, querystring: Record<string, string> = {}) => {
  const values = (pairs: Record<string, string>) =>
    Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name, { value }]));
  return {
    viewer: { ip: "203.0.113.9" },
    request: { uri, headers: values({ host: "stack.example", ...headers }), querystring: values(querystring) },
  };
};

const site = load(sitePages(HOSTING, "<!doctype html>lost"));

test("an address leads to its page", () => {
  const file = (uri: string) => site(request(uri)).uri;
  assert.equal(file("/"), "/index.html");
  assert.equal(file("/lists"), "/lists.html");
  assert.equal(file("/lists/"), "/lists.html");
  assert.equal(file("/lists/018f"), "/lists/_list.html");
  assert.equal(file("/lists/018f/0190"), "/lists/_list/_todo.html");
  assert.equal(file("/assets/app.0123.wasm"), "/assets/app.0123.wasm");
});

test("an address that leads nowhere is answered so, with the site's page and headers", () => {
  for (const uri of ["/nowhere", "/lists/1/2/3", "/lists//1"]) {
    const answer = site(request(uri));
    assert.equal(answer.statusCode, 404, uri);
    assert.equal(answer.body.data, "<!doctype html>lost");
    assert.equal(answer.headers["x-frame-options"].value, "DENY");
  }
});

test("a file comes in the smallest form that the browser takes", () => {
  const file = (uri: string, accepted: string) => site(request(uri, { "accept-encoding": accepted })).uri;
  assert.equal(file("/assets/app.wasm", "gzip, deflate, br"), "/assets/app.wasm.br");
  assert.equal(file("/assets/app.wasm", "gzip"), "/assets/app.wasm.gz");
  assert.equal(file("/assets/app.wasm", "br;q=0, gzip;q=0.5"), "/assets/app.wasm.gz");
  assert.equal(file("/assets/app.wasm", "identity"), "/assets/app.wasm");
  assert.equal(file("/lists", "br"), "/lists.html.br");
  assert.equal(file("/icons/icon.png", "br"), "/icons/icon.png");
});

test("the site's program fits where CloudFront keeps it", () => {
  const many = Array.from({ length: 40 }, (_, i) => ({
    route: `/page-${i}/:list/:todo`,
    file: `page-${i}/_list/_todo.html`,
  }));
  assert.ok(sitePages({ ...HOSTING, pages: many }, "x".repeat(2_000)).length < 10_240);
});

test("the API is told the host and the peer, whatever the caller claims", () => {
  const { headers } = load(API_REQUEST)(
    request("/graphql", { "x-stack-peer": "198.51.100.1", "x-stack-host": "evil.example" }),
  );
  assert.equal(headers["x-stack-host"].value, "stack.example");
  assert.equal(headers["x-stack-peer"].value, "203.0.113.9");
});

test("a variant is named as its bucket names it", () => {
  assert.equal(load(VARIANT_REQUEST)(request("/media/list/token/1/320.avif")).uri, "/list/token/1/320.avif");
});

test("a playlist's maker learns the signature", () => {
  const handler = load(PLAYLIST_REQUEST);
  const given = { Policy: "p~", Signature: "s_", "Key-Pair-Id": "K1", other: "x" };
  assert.equal(
    handler(request("/media/a/b.m3u8", {}, given)).headers["x-stack-access"].value,
    "Policy=p~&Signature=s_&Key-Pair-Id=K1",
  );
  assert.equal(handler(request("/media/a/b.m3u8", { "x-stack-access": "forged" })).headers["x-stack-access"].value, "");
});

// What stands in for CloudFront beside an emulator lets through what CloudFront would.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { isSigned } from "../emulator/access.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = publicKey.export({ type: "spki", format: "pem" }).toString();
const UNTIL = 1_000_000;

const encoded = (bytes: Buffer) =>
  bytes.toString("base64").replaceAll("+", "-").replaceAll("=", "_").replaceAll("/", "~");

function signed(path: string, resource: string): string {
  const Condition = { DateLessThan: { "AWS:EpochTime": UNTIL } };
  const policy = Buffer.from(JSON.stringify({ Statement: [{ Resource: resource, Condition }] }));
  const signature = sign("RSA-SHA1", policy, privateKey);
  return `${path}?Policy=${encoded(policy)}&Signature=${encoded(signature)}&Key-Pair-Id=emulator`;
}

for (const host of ["*", "stack.example"]) {
  const list = `https://${host}/media/one/*`;

  test(`addresses signed for ${host} open what is in their folder, until they end`, () => {
    const address = signed("/media/one/token/1/320.avif", list);
    assert.ok(isSigned(address, key, UNTIL * 1000 - 1));
    assert.ok(!isSigned(address, key, UNTIL * 1000));
  });

  test(`addresses signed for ${host} open nothing else`, () => {
    for (const path of ["/media/two/token/1/320.avif", "/media/one", "/graphql"])
      assert.ok(!isSigned(signed(path, list), key, 0), path);
  });
}

test("what is not signed, or not with this key, opens nothing", () => {
  const address = signed("/media/one/a", "https://*/media/one/*");
  const [path] = address.split("?");
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
  assert.ok(!isSigned(path ?? "", key, 0));
  assert.ok(!isSigned(address.replace("Policy=", "Policy=AAAA"), key, 0));
  assert.ok(!isSigned(address, other.export({ type: "spki", format: "pem" }).toString(), 0));
});

// The Node programs that deployments bring along, over stand-ins for the services they call.

import assert from "node:assert/strict";
import { createVerify, generateKeyPairSync, createPublicKey, createPrivateKey } from "node:crypto";
import { test } from "node:test";

const load = (name: string): Promise<any> => import(`../functions/${name}/index.mjs`);
const HEADER = "x-origin-verify";

test("a rotation changes the header of every origin that has it, and moves the label last", async () => {
  const { rotation } = await load("rotate-origin-secret");
  const values = new Map([["AWSCURRENT", "old"]]);
  const did: string[] = [];
  const config = {
    Origins: {
      Items: [1, 2]
        .map(() => ({ CustomHeaders: { Items: [{ HeaderName: "X-Origin-Verify", HeaderValue: "old" }] } }))
        .concat([{} as any]),
    },
  };
  let written: any;
  const steps = rotation({
    header: HEADER,
    secrets: {
      value: async (_: string, stage: string) => values.get(stage),
      put: async (_: string, _token: string, value: string) => void values.set("AWSPENDING", value),
      makeCurrent: async () => void did.push("current"),
    },
    distributions: {
      read: async () => ({ config, tag: "E1" }),
      write: async (changed: unknown, tag: string) => void ((written = changed), did.push(tag)),
      settled: async () => void did.push("settled"),
    },
  });
  for (const step of ["createSecret", "createSecret", "setSecret", "testSecret", "finishSecret"])
    await steps[step]("id", "token");
  assert.deepEqual(did, ["E1", "settled", "current"]);
  const pending = values.get("AWSPENDING");
  assert.match(pending ?? "", /^[0-9a-f]{64}$/);
  for (const origin of written.Origins.Items.slice(0, 2))
    assert.equal(origin.CustomHeaders.Items[0].HeaderValue, pending);
  assert.equal(config.Origins.Items[0]?.CustomHeaders.Items[0]?.HeaderValue, "old");
});

test("a rotation of a distribution without the header fails rather than ending quietly", async () => {
  const { withHeader } = await load("rotate-origin-secret");
  assert.throws(() => withHeader({ Origins: { Items: [{}] } }, HEADER, "new"), /no origin/);
});

test("a pair of keys is made once, kept, and fits together", async () => {
  const { answer } = await load("media-key");
  const event = {
    RequestType: "Create",
    StackId: "s",
    RequestId: "r",
    LogicalResourceId: "l",
    ResourceProperties: { Secret: "arn", Generation: "1" },
  };
  const kept: string[] = [];
  const made = await answer(event, async (_: string, key: string) => void kept.push(key));
  assert.equal(made.Status, "SUCCESS");
  assert.equal(
    createPublicKey(createPrivateKey(kept[0] ?? "")).export({ type: "spki", format: "pem" }),
    made.Data.PublicKey,
  );
  const gone = await answer({ ...event, RequestType: "Delete", PhysicalResourceId: made.PhysicalResourceId }, () =>
    assert.fail("kept a key"),
  );
  assert.deepEqual([gone.Status, gone.PhysicalResourceId], ["SUCCESS", "key-pair-1"]);
});

test("the console's cookies are signed as CloudFront asks", async () => {
  const { accessCookies } = await load("console-session");
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const cookies: string[] = accessCookies({
    host: "console.stack.example",
    keyId: "K1",
    privateKey,
    now: 1_700_000_000,
  });
  const value = (name: string) =>
    cookies
      .find((cookie) => cookie.startsWith(`CloudFront-${name}=`))
      ?.split(";")[0]
      ?.split("=")
      .slice(1)
      .join("=") ?? "";
  const decode = (text: string) =>
    Buffer.from(text.replaceAll("-", "+").replaceAll("_", "=").replaceAll("~", "/"), "base64");
  const policy = decode(value("Policy"));
  assert.deepEqual(JSON.parse(policy.toString()).Statement[0], {
    Resource: "https://console.stack.example/*",
    Condition: { DateLessThan: { "AWS:EpochTime": 1_700_003_600 } },
  });
  assert.ok(
    createVerify("RSA-SHA1")
      .update(policy)
      .verify(publicKey, decode(value("Signature"))),
  );
  assert.ok(cookies.every((cookie) => /; Secure; HttpOnly/.test(cookie)));
});

test("a sign-in that this browser did not begin ends at the sign-in page", async () => {
  const { begin, finish } = await load("console-session");
  const site = { host: "console.stack.example", signIn: "https://sign-in.example", client: "c" };
  const started = begin(site);
  assert.equal(started.statusCode, 302);
  assert.match(
    started.headers.location,
    /^https:\/\/sign-in\.example\/oauth2\/authorize\?.*code_challenge_method=S256/,
  );
  const cookie = started.cookies[0].split(";")[0];
  const foreign = { cookies: [cookie], queryStringParameters: { code: "x", state: "another" } };
  for (const event of [foreign, { cookies: [], queryStringParameters: { code: "x", state: "s" } }, {}]) {
    const answer = await finish(event, { ...site, key: () => assert.fail("no key is needed") });
    assert.equal(answer.statusCode, 200);
    assert.match(answer.body, /session\/begin/);
  }
});

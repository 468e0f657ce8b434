// Signs a member of the team in by Cognito, and gives the cookies that CloudFront asks for.

import { createHash, createSign, randomBytes } from "node:crypto";

/** Seconds until the team member signs in anew, which takes no typing while Cognito remembers. */
const SESSION = 3600;

/** Base64 as CloudFront writes it. */
function encode(bytes) {
  return Buffer.from(bytes).toString("base64").replaceAll("+", "-").replaceAll("=", "_").replaceAll("/", "~");
}

/** The cookies that open everything below the host until then; `now` in seconds. */
export function accessCookies({ host, keyId, privateKey, now }) {
  const expires = now + SESSION;
  const policy = JSON.stringify({
    Statement: [{ Resource: `https://${host}/*`, Condition: { DateLessThan: { "AWS:EpochTime": expires } } }],
  });
  const signature = createSign("RSA-SHA1").update(policy).sign(privateKey);
  const values = { Policy: encode(policy), Signature: encode(signature), "Key-Pair-Id": keyId };
  return Object.entries(values).map(
    ([name, value]) => `CloudFront-${name}=${value}; Path=/; Max-Age=${SESSION}; Secure; HttpOnly; SameSite=Lax`,
  );
}

/** Sends the browser to Cognito, remembering in a cookie what the answer must fit. */
export function begin({ host, signIn, client }) {
  const [state, verifier] = [randomBytes(16).toString("hex"), randomBytes(32).toString("base64url")];
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: `https://${host}/session/callback`,
    scope: "openid",
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const cookie = `console_sign_in=${state}.${verifier}; Path=/session; Max-Age=600; Secure; HttpOnly; SameSite=Lax`;
  return redirect(`${signIn}/oauth2/authorize?${query}`, [cookie]);
}

/** Takes Cognito's answer: the code, once, for this very browser. */
export async function finish(event, { host, signIn, client, keyId, key, now }) {
  const [state, verifier] = (cookies(event).console_sign_in ?? "").split(".");
  const { code, state: given } = event.queryStringParameters ?? {};
  if (!code || !verifier || state !== given) return needed();
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: client,
    code,
    redirect_uri: `https://${host}/session/callback`,
    code_verifier: verifier,
  });
  const answer = await fetch(`${signIn}/oauth2/token`, { method: "POST", body });
  if (!answer.ok) return needed();
  return redirect("/", accessCookies({ host, keyId, privateKey: await key(), now }));
}

function needed() {
  const body =
    '<!doctype html><meta charset="utf-8"><title>Sign in</title><meta http-equiv="refresh" content="0;url=/session/begin"><a href="/session/begin">Sign in</a>';
  return {
    statusCode: 200,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
    body,
  };
}

function redirect(location, cookies) {
  return { statusCode: 302, headers: { location, "cache-control": "no-store" }, cookies };
}

function cookies(event) {
  return Object.fromEntries(
    (event.cookies ?? []).map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}

export async function handler(event) {
  const { HOST: host, SIGN_IN: signIn, CLIENT: client, KEY: SecretId, KEY_ID: keyId } = process.env;
  switch (event.pathParameters?.step) {
    case "begin":
      return begin({ host, signIn, client });
    case "callback":
      return finish(event, {
        host,
        signIn,
        client,
        keyId,
        now: Math.floor(Date.now() / 1000),
        key: () => secret(SecretId),
      });
    default:
      return needed();
  }
}

async function secret(SecretId) {
  const { SecretsManagerClient, GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
  return (await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId }))).SecretString;
}

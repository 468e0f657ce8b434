// Makes the pair of keys that media addresses are signed with: a custom resource of CloudFormation.

import { generateKeyPairSync } from "node:crypto";

/** What CloudFront takes: RSA of 2048 bits. */
export function makePair() {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}

/** Answers one event; `keep` stores the private key. */
export async function answer(event, keep) {
  const physical = event.PhysicalResourceId ?? `key-pair-${event.ResourceProperties.Generation}`;
  const result = {
    Status: "SUCCESS",
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  };
  if (event.RequestType === "Delete") return { ...result, PhysicalResourceId: physical };
  const { publicKey, privateKey } = makePair();
  await keep(event.ResourceProperties.Secret, privateKey);
  const made = `key-pair-${event.ResourceProperties.Generation}`;
  return { ...result, PhysicalResourceId: made, Data: { PublicKey: publicKey } };
}

export async function handler(event) {
  let body;
  try {
    const { SecretsManagerClient, PutSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
    const client = new SecretsManagerClient({});
    body = await answer(event, (SecretId, SecretString) =>
      client.send(new PutSecretValueCommand({ SecretId, SecretString })),
    );
  } catch (error) {
    const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = "none" } = event;
    body = { Status: "FAILED", Reason: String(error), StackId, RequestId, LogicalResourceId, PhysicalResourceId };
  }
  await fetch(event.ResponseURL, { method: "PUT", body: JSON.stringify(body) });
}

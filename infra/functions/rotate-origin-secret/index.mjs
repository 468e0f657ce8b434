// Rotates the secret that CloudFront shows to the API. Those who check it take the coming, the present and the
// last one, so no request is refused while the distribution changes.

import { randomBytes } from "node:crypto";

/** The distribution's configuration with another value in this header of every origin that has it. */
export function withHeader(config, name, value) {
  const changed = structuredClone(config);
  let found = 0;
  for (const origin of changed.Origins.Items) {
    for (const header of origin.CustomHeaders?.Items ?? []) {
      if (header.HeaderName.toLowerCase() !== name.toLowerCase()) continue;
      header.HeaderValue = value;
      found += 1;
    }
  }
  if (found === 0) throw new Error(`no origin has the header ${name}`);
  return changed;
}

/** The steps of a rotation, over the two services. */
export function rotation({ secrets, distributions, header }) {
  return {
    async createSecret(id, token) {
      if (await secrets.value(id, "AWSPENDING", token)) return;
      await secrets.put(id, token, randomBytes(32).toString("hex"));
    },
    async setSecret(id, token) {
      const value = await secrets.value(id, "AWSPENDING", token);
      const { config, tag } = await distributions.read();
      await distributions.write(withHeader(config, header, value), tag);
    },
    async testSecret() {
      await distributions.settled();
    },
    async finishSecret(id, token) {
      await secrets.makeCurrent(id, token);
    },
  };
}

export async function handler({ Step, SecretId, ClientRequestToken }) {
  const steps = rotation(await services());
  await steps[Step](SecretId, ClientRequestToken);
}

async function services() {
  const manager = await import("@aws-sdk/client-secrets-manager");
  const cdn = await import("@aws-sdk/client-cloudfront");
  const [secretsClient, cdnClient] = [new manager.SecretsManagerClient({}), new cdn.CloudFrontClient({})];
  const Id = process.env.DISTRIBUTION;
  const send = (Command, input) => secretsClient.send(new manager[Command](input));
  return {
    header: process.env.HEADER,
    secrets: {
      async value(SecretId, VersionStage, VersionId) {
        try {
          return (await send("GetSecretValueCommand", { SecretId, VersionStage, VersionId })).SecretString;
        } catch (error) {
          if (error.name === "ResourceNotFoundException") return undefined;
          throw error;
        }
      },
      put: (SecretId, ClientRequestToken, SecretString) =>
        send("PutSecretValueCommand", { SecretId, ClientRequestToken, SecretString, VersionStages: ["AWSPENDING"] }),
      async makeCurrent(SecretId, MoveToVersionId) {
        const { VersionIdsToStages } = await send("DescribeSecretCommand", { SecretId });
        const [RemoveFromVersionId] =
          Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes("AWSCURRENT")) ?? [];
        if (RemoveFromVersionId === MoveToVersionId) return;
        await send("UpdateSecretVersionStageCommand", {
          SecretId,
          VersionStage: "AWSCURRENT",
          MoveToVersionId,
          RemoveFromVersionId,
        });
      },
    },
    distributions: {
      async read() {
        const { DistributionConfig, ETag } = await cdnClient.send(new cdn.GetDistributionConfigCommand({ Id }));
        return { config: DistributionConfig, tag: ETag };
      },
      write: (DistributionConfig, IfMatch) =>
        cdnClient.send(new cdn.UpdateDistributionCommand({ Id, DistributionConfig, IfMatch })),
      settled: () => cdn.waitUntilDistributionDeployed({ client: cdnClient, maxWaitTime: 840 }, { Id }),
    },
  };
}

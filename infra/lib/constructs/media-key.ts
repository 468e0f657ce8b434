// The pair of keys that media addresses are signed with: made at deployment, the private half kept as a secret.

import { CustomResource, RemovalPolicy } from "aws-cdk-lib";
import { KeyGroup, PublicKey } from "aws-cdk-lib/aws-cloudfront";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { WorkloadProps } from "../workload-stack.ts";
import { except } from "../checks.ts";
import { Handler } from "./handler.ts";

/** Raise it to have a new pair made; addresses signed with the old one end with it. */
const GENERATION = "1";

export class MediaKey extends Construct {
  readonly secret: Secret;
  readonly publicKey: PublicKey;
  readonly group: KeyGroup;

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    this.secret = new Secret(this, "Private", {
      description: "Signs addresses of media",
      removalPolicy: RemovalPolicy.DESTROY,
    });
    except(
      this.secret,
      "SMG4",
      "It goes with the public key that CloudFront knows; both are replaced by a new generation.",
    );
    const maker = new Handler(this, "Maker", {
      ...props,
      script: "media-key",
      memory: 256,
      seconds: 60,
      may: [new PolicyStatement({ actions: ["secretsmanager:PutSecretValue"], resources: [this.secret.secretArn] })],
    });
    const pair = new CustomResource(this, "Pair", {
      serviceToken: maker.function.functionArn,
      resourceType: "Custom::KeyPair",
      properties: { Secret: this.secret.secretArn, Generation: GENERATION },
    });
    // The role's policy must be there before the pair is made.
    pair.node.addDependency(maker);
    this.publicKey = new PublicKey(this, `Public${GENERATION}`, { encodedKey: pair.getAttString("PublicKey") });
    this.group = new KeyGroup(this, "Group", { items: [this.publicKey] });
  }
}

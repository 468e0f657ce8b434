// The pair of keys that media addresses are signed with: made at deployment, the private half kept as a secret.

import { CfnOutput, CustomResource, RemovalPolicy } from "aws-cdk-lib";
import { KeyGroup, PublicKey } from "aws-cdk-lib/aws-cloudfront";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { WorkloadProps } from "../workload-stack.ts";
import { except } from "../checks.ts";
import { Handler } from "./handler.ts";
import { StoredSecret } from "./stored-secret.ts";

/** Raise it to have a new pair made; addresses signed with the old one end with it. */
const GENERATION = "1";

export class MediaKey extends Construct {
  readonly secret: StoredSecret;
  /** What CloudFront calls the public key. */
  readonly id: string;
  /** Where it looks for it; none in an emulator, which knows no keys. */
  readonly group?: KeyGroup;

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    this.secret = new StoredSecret(this, "Private", {
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
      may: [new PolicyStatement({ actions: ["secretsmanager:PutSecretValue"], resources: [this.secret.arn] })],
    });
    const pair = new CustomResource(this, "Pair", {
      serviceToken: maker.function.functionArn,
      resourceType: "Custom::KeyPair",
      properties: { Secret: this.secret.arn, Generation: GENERATION },
    });
    // The role's policy must be there before the pair is made.
    pair.node.addDependency(maker);
    const encodedKey = pair.getAttString("PublicKey");
    if (props.settings.emulator) {
      this.id = "emulator";
      new CfnOutput(this, "PublicKey", { value: encodedKey }).overrideLogicalId("MediaPublicKey");
    } else {
      const publicKey = new PublicKey(this, `Public${GENERATION}`, { encodedKey });
      this.id = publicKey.publicKeyId;
      this.group = new KeyGroup(this, "Group", { items: [publicKey] });
    }
  }
}

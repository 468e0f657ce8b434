// A secret, and what lets a function read it.

import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { type CfnSecret, Secret } from "aws-cdk-lib/aws-secretsmanager";

export class StoredSecret extends Secret {
  /** Its name in policies. The attribute rather than the reference, which is a name where an emulator resolves it. */
  get arn(): string {
    return (this.node.defaultChild as CfnSecret).attrId;
  }
}

/** What lets a function read these secrets. */
export function readable(...secrets: StoredSecret[]): PolicyStatement {
  return new PolicyStatement({
    actions: ["secretsmanager:GetSecretValue"],
    resources: secrets.map(({ arn }) => arn),
  });
}

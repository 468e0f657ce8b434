// Lets the repository's workflows deploy into an account, without any key: GitHub says who runs, for an hour.

import { CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import { CfnOIDCProvider, FederatedPrincipal, PolicyStatement, Role } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { except } from "../../checks.ts";
import type { Organization } from "../../environment.ts";

const ISSUER = "token.actions.githubusercontent.com";

export interface DeliveryProps extends StackProps {
  organization: Organization;
  /** The workflow environments that may deploy here; each may ask for reviewers before a job runs. */
  from: string[];
}

export class DeliveryStack extends Stack {
  constructor(scope: Construct, id: string, { organization, from, ...props }: DeliveryProps) {
    super(scope, id, props);
    const provider = new CfnOIDCProvider(this, "Provider", {
      url: `https://${ISSUER}`,
      clientIdList: ["sts.amazonaws.com"],
    });
    const subjects = from.map((environment) => `repo:${organization.repository}:environment:${environment}`);
    const role = new Role(this, "Role", {
      roleName: "stack-delivery",
      maxSessionDuration: Duration.hours(1),
      assumedBy: new FederatedPrincipal(
        provider.attrArn,
        { StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: subjects } },
        "sts:AssumeRoleWithWebIdentity",
      ),
    });
    // CDK's own roles, which its bootstrap makes in each account, do the rest.
    role.addToPolicy(
      new PolicyStatement({
        actions: ["sts:AssumeRole"],
        resources: [`arn:aws:iam::${this.account}:role/cdk-hnb659fds-*`],
      }),
    );
    // The site is uploaded and then looked at by the workflow itself.
    role.addToPolicy(
      new PolicyStatement({
        actions: ["cloudformation:DescribeStacks"],
        resources: [
          this.formatArn({ service: "cloudformation", region: "*", resource: "stack", resourceName: "stack-*" }),
        ],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ["s3:PutObject", "s3:DeleteObject", "s3:ListBucket"],
        resources: ["arn:aws:s3:::stack-*-edge-*", "arn:aws:s3:::stack-*-edge-*/*"],
      }),
    );
    // Tests of a deployment read the codes that were sent to addresses nobody has.
    role.addToPolicy(
      new PolicyStatement({
        actions: ["dynamodb:GetItem"],
        resources: [
          this.formatArn({ service: "dynamodb", region: "*", resource: "table", resourceName: "stack-*-data-*" }),
        ],
        conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["MAIL#*"] } },
      }),
    );
    except(
      role,
      "IAM5",
      "The bootstrap's roles, the product's stacks, tables and sites' buckets are known by how their names begin.",
    );
    new CfnOutput(this, "RoleArn", { value: role.roleArn });
  }
}

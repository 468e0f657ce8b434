// Gives CloudFront and the API a new secret between them every month.

import { Duration, Stack } from "aws-cdk-lib";
import type { IDistribution } from "aws-cdk-lib/aws-cloudfront";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnRotationSchedule } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { WorkloadProps } from "../workload-stack.ts";
import { ORIGIN_HEADER } from "./front-door.ts";
import type { StoredSecret } from "./stored-secret.ts";
import { Handler } from "./handler.ts";

export interface RotationProps extends WorkloadProps {
  secret: StoredSecret;
  distribution: IDistribution;
}

export class Rotation extends Construct {
  constructor(scope: Construct, id: string, props: RotationProps) {
    super(scope, id);
    const { secret, distribution } = props;
    const arn = Stack.of(this).formatArn({
      service: "cloudfront",
      region: "",
      resource: "distribution",
      resourceName: distribution.distributionId,
    });
    const rotator = new Handler(this, "Rotator", {
      environment: props.environment,
      settings: props.settings,
      script: "rotate-origin-secret",
      memory: 256,
      // A change of a distribution is everywhere after some minutes.
      seconds: 900,
      variables: { DISTRIBUTION: distribution.distributionId, HEADER: ORIGIN_HEADER },
      may: [
        new PolicyStatement({
          actions: [
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage",
          ],
          resources: [secret.arn],
        }),
        new PolicyStatement({
          actions: ["cloudfront:GetDistribution", "cloudfront:GetDistributionConfig", "cloudfront:UpdateDistribution"],
          resources: [arn],
        }),
      ],
    });
    rotator.function.addPermission("Rotate", {
      principal: new ServicePrincipal("secretsmanager.amazonaws.com"),
      sourceArn: secret.secretArn,
    });
    const schedule = new CfnRotationSchedule(this, "Schedule", {
      secretId: secret.secretArn,
      rotationLambdaArn: rotator.function.functionArn,
      rotationRules: { automaticallyAfterDays: Duration.days(30).toDays() },
      // The first deployment has just made it.
      rotateImmediatelyOnUpdate: false,
    });
    schedule.node.addDependency(rotator);
  }
}

// Where metrics and traces of all environments are seen together, without access to their logs or data.

import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { CfnSink } from "aws-cdk-lib/aws-oam";
import type { Construct } from "constructs";
import type { Environment } from "../../environment.ts";

export class ObservatoryStack extends Stack {
  constructor(scope: Construct, environments: Environment[], props: StackProps) {
    super(scope, "observatory", props);
    const sink = new CfnSink(this, "Sink", {
      name: "stack",
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: [...new Set(environments.map(({ account }) => account))] },
            Action: ["oam:CreateLink", "oam:UpdateLink"],
            Resource: "*",
            Condition: {
              "ForAllValues:StringEquals": { "oam:ResourceTypes": ["AWS::CloudWatch::Metric", "AWS::XRay::Trace"] },
            },
          },
        ],
      },
    });
    // To be entered as `monitoringSink` of each environment.
    new CfnOutput(this, "SinkArn", { value: sink.attrArn });
  }
}

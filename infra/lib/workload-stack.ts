// What every stack of an environment is made with.

import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { isKept, type Environment } from "./environment.ts";
import type { Settings } from "./settings.ts";

export interface WorkloadProps {
  environment: Environment;
  settings: Settings;
}

/** CloudFront takes its certificates and firewalls from here only. */
export const EDGE_REGION = "us-east-1";

export class WorkloadStack extends Stack {
  constructor(scope: Construct, id: string, { environment }: WorkloadProps, props: StackProps = {}) {
    const region = props.env?.region ?? environment.region;
    super(scope, id, {
      env: { account: environment.account, region },
      terminationProtection: isKept(environment),
      ...props,
    });
  }
}

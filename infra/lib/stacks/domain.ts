// The environment's own zone: the first thing to deploy, since certificates wait until the world knows it.

import { CfnOutput, Fn } from "aws-cdk-lib";
import { CaaAmazonRecord, PublicHostedZone } from "aws-cdk-lib/aws-route53";
import type { Construct } from "constructs";
import { EDGE_REGION, WorkloadStack, type WorkloadProps } from "../workload-stack.ts";

export interface DomainProps extends WorkloadProps {
  domain: string;
}

export class DomainStack extends WorkloadStack {
  readonly zone: PublicHostedZone;

  constructor(scope: Construct, props: DomainProps) {
    super(scope, "domain", props, { env: { account: props.environment.account, region: EDGE_REGION } });
    this.zone = new PublicHostedZone(this, "Zone", { zoneName: props.domain });
    new CaaAmazonRecord(this, "Authorities", { zone: this.zone });
    // To be entered where the domain, or the one above it, is kept.
    new CfnOutput(this, "NameServers", { value: Fn.join(" ", this.zone.hostedZoneNameServers ?? []) });
  }
}

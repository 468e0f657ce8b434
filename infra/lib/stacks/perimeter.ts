// What CloudFront takes from one region only: the certificate and the firewall.

import { Certificate, CertificateValidation } from "aws-cdk-lib/aws-certificatemanager";
import type { IPublicHostedZone } from "aws-cdk-lib/aws-route53";
import type { Construct } from "constructs";
import { Firewall } from "../constructs/firewall.ts";
import { CONSOLE } from "./console.ts";
import { EDGE_REGION, WorkloadStack, type WorkloadProps } from "../workload-stack.ts";

export interface PerimeterProps extends WorkloadProps {
  domain: string;
  zone: IPublicHostedZone;
}

export class PerimeterStack extends WorkloadStack {
  readonly certificate: Certificate;
  readonly firewall: Firewall;

  constructor(scope: Construct, props: PerimeterProps) {
    super(scope, "perimeter", props, { env: { account: props.environment.account, region: EDGE_REGION } });
    this.certificate = new Certificate(this, "Certificate", {
      domainName: props.domain,
      subjectAlternativeNames: [`${CONSOLE}.${props.domain}`],
      validation: CertificateValidation.fromDns(props.zone),
    });
    this.firewall = new Firewall(this, "Firewall", props);
  }
}

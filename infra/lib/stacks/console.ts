// The internal console: its own host name, its own users, and its site.

import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { FeaturePlan, Mfa, StandardThreatProtectionMode, UserPool } from "aws-cdk-lib/aws-cognito";
import { AaaaRecord, ARecord, PublicHostedZone, RecordTarget } from "aws-cdk-lib/aws-route53";
import { CloudFrontTarget } from "aws-cdk-lib/aws-route53-targets";
import type { Construct } from "constructs";
import { except } from "../checks.ts";
import { ConsoleSite } from "../constructs/console-site.ts";
import { isKept } from "../environment.ts";
import { WorkloadStack, type WorkloadProps } from "../workload-stack.ts";
import type { DataStack } from "./data.ts";
import type { DomainStack } from "./domain.ts";
import type { PerimeterStack } from "./perimeter.ts";

export interface ConsoleProps extends WorkloadProps {
  /** The folder of the built site. */
  site: string;
  data: DataStack;
  domain: DomainStack;
  perimeter: PerimeterStack;
}

/** The console's name below the environment's. */
export const CONSOLE = "console";

export class ConsoleStack extends WorkloadStack {
  constructor(scope: Construct, props: ConsoleProps) {
    super(scope, "console", props);
    const { environment, settings, site, data, domain, perimeter } = props;
    const zoneName = environment.domain ?? "";
    const users = new UserPool(this, "Users", {
      // People are invited.
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
      },
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      deletionProtection: isKept(environment),
      removalPolicy: isKept(environment) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const signIn = users.addDomain("SignIn", {
      cognitoDomain: { domainPrefix: `stack-${environment.name}-${environment.account}` },
    });
    const { distribution } = new ConsoleSite(this, "Site", {
      environment,
      settings,
      folder: site,
      host: `${CONSOLE}.${zoneName}`,
      certificate: perimeter.certificate,
      firewall: perimeter.firewall.arn,
      logs: data.logs,
      users,
      signIn,
    });
    const zone = PublicHostedZone.fromPublicHostedZoneAttributes(this, "Zone", {
      hostedZoneId: domain.zone.hostedZoneId,
      zoneName,
    });
    const target = RecordTarget.fromAlias(new CloudFrontTarget(distribution));
    new ARecord(this, "A", { zone, recordName: CONSOLE, target });
    new AaaaRecord(this, "Aaaa", { zone, recordName: CONSOLE, target });
    // The upload's function is CDK's own; its role and its runtime are not ours to choose.
    for (const { node } of Stack.of(this).node.children.map((child) => ({ node: child }))) {
      if (!node.node.id.startsWith("Custom::CDKBucketDeployment")) continue;
      except(node, "IAM4", "CDK's own function copies the site's files.", /AWSLambdaBasicExecutionRole$/);
      except(node, "IAM5", "CDK's own function copies the site's files, whose names follow from their content.");
      except(node, "L1", "CDK's own function; its runtime comes with the library.");
    }
  }
}

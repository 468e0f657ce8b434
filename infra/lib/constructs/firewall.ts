// The firewall before everything: how often one address may call, and requests that nobody means well by.

import { CfnLoggingConfiguration, CfnWebACL } from "aws-cdk-lib/aws-wafv2";
import { RemovalPolicy } from "aws-cdk-lib";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { logDays, type Environment } from "../environment.ts";
import type { WorkloadProps } from "../workload-stack.ts";

/** Requests of one address in five minutes, over all; and those of `/auth/`. */
const CALLS = 3000;
const SIGN_INS = 200;

/** Rules that look for code in a body. People write about code in their todos; nothing here runs it. */
const BODY_RULES = {
  AWSManagedRulesCommonRuleSet: [
    "SizeRestrictions_BODY",
    "EC2MetaDataSSRF_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "CrossSiteScripting_BODY",
  ],
  AWSManagedRulesKnownBadInputsRuleSet: ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY"],
  AWSManagedRulesAmazonIpReputationList: [],
};

export class Firewall extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { environment, settings }: WorkloadProps) {
    super(scope, id);
    const seen = (metricName: string) => ({
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
      metricName,
    });
    const signIn = {
      byteMatchStatement: {
        searchString: "/auth/",
        positionalConstraint: "STARTS_WITH",
        fieldToMatch: { uriPath: {} },
        textTransformations: [{ priority: 0, type: "NONE" }],
      },
    };
    const rate = (
      name: string,
      priority: number,
      limit: number,
      scopeDownStatement?: CfnWebACL.StatementProperty,
    ): CfnWebACL.RuleProperty => ({
      name,
      priority,
      action: { block: { customResponse: { responseCode: 429 } } },
      statement: {
        rateBasedStatement: {
          limit,
          aggregateKeyType: "IP",
          evaluationWindowSec: 300,
          ...(scopeDownStatement ? { scopeDownStatement } : {}),
        },
      },
      visibilityConfig: seen(name),
    });
    const managed = Object.entries(BODY_RULES).map(([name, counted], index): CfnWebACL.RuleProperty => ({
      name,
      priority: 10 + index,
      overrideAction: { none: {} },
      statement: {
        managedRuleGroupStatement: {
          vendorName: "AWS",
          name,
          ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
        },
      },
      visibilityConfig: seen(name),
    }));
    const acl = new CfnWebACL(this, "Acl", {
      scope: "CLOUDFRONT",
      defaultAction: { allow: {} },
      rules: [rate("sign-ins", 0, SIGN_INS, signIn), rate("calls", 1, CALLS), ...managed],
      visibilityConfig: seen(`stack-${environment.name}`),
    });
    this.arn = acl.attrArn;
    if (!settings.emulator) this.#log(environment);
  }

  #log(environment: Environment): void {
    const log = new LogGroup(this, "Log", {
      // The firewall logs to groups of this name only.
      logGroupName: `aws-waf-logs-stack-${environment.name}`,
      retention: logDays(environment),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new CfnLoggingConfiguration(this, "Logging", {
      resourceArn: this.arn,
      logDestinationConfigs: [log.logGroupArn.replace(/:\*$/, "")],
      redactedFields: [{ singleHeader: { Name: "authorization" } }, { singleHeader: { Name: "cookie" } }],
      loggingFilter: {
        DefaultBehavior: "DROP",
        Filters: [
          {
            Behavior: "KEEP",
            Requirement: "MEETS_ANY",
            Conditions: [{ ActionCondition: { Action: "BLOCK" } }, { ActionCondition: { Action: "COUNT" } }],
          },
        ],
      },
    });
  }
}

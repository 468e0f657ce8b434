// Control Tower's landing zone with the roles that it wants to find. The runbook in docs/deployment.md says when.

import { Stack, type StackProps } from "aws-cdk-lib";
import { CfnLandingZone } from "aws-cdk-lib/aws-controltower";
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { except } from "../../checks.ts";
import type { Organization } from "../../environment.ts";

const VERSION = "3.3";
const PATH = "/service-role/";

export class LandingZoneStack extends Stack {
  constructor(scope: Construct, organization: Organization, props: StackProps) {
    super(scope, "landing-zone", props);
    const { accounts, regions, logRetentionDays } = organization;
    const roles = [
      this.#role("AWSControlTowerAdmin", "controltower", {
        managed: "service-role/AWSControlTowerServiceRolePolicy",
        may: new PolicyStatement({ actions: ["ec2:DescribeAvailabilityZones"], resources: ["*"] }),
      }),
      this.#role("AWSControlTowerStackSetRole", "cloudformation", {
        may: new PolicyStatement({
          actions: ["sts:AssumeRole"],
          resources: ["arn:aws:iam::*:role/AWSControlTowerExecution"],
        }),
      }),
      this.#role("AWSControlTowerCloudTrailRole", "cloudtrail", {
        may: new PolicyStatement({
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: ["arn:aws:logs:*:*:log-group:aws-controltower/CloudTrailLogs:*"],
        }),
      }),
      this.#role("AWSControlTowerConfigAggregatorRoleForOrganizations", "config", {
        managed: "service-role/AWSConfigRoleForOrganizations",
      }),
    ];
    const zone = new CfnLandingZone(this, "LandingZone", {
      version: VERSION,
      manifest: {
        governedRegions: regions,
        organizationStructure: { security: { name: "Security" }, sandbox: { name: "Sandbox" } },
        centralizedLogging: {
          accountId: accounts.logs,
          configurations: {
            loggingBucket: { retentionDays: logRetentionDays },
            accessLoggingBucket: { retentionDays: logRetentionDays },
          },
          // The trail is our own (the stack `trail`): a second one would be paid for by event.
          enabled: false,
        },
        securityRoles: { accountId: accounts.monitoring },
        accessManagement: { enabled: true },
      },
    });
    for (const role of roles) zone.node.addDependency(role);
  }

  #role(roleName: string, service: string, { managed, may }: { managed?: string; may?: PolicyStatement }): Role {
    const role = new Role(this, roleName, {
      roleName,
      path: PATH,
      assumedBy: new ServicePrincipal(`${service}.amazonaws.com`),
      managedPolicies: managed ? [ManagedPolicy.fromAwsManagedPolicyName(managed)] : [],
    });
    if (may) role.addToPolicy(may);
    if (may) except(role, "IAM5", "Control Tower asks for this role with exactly these permissions.");
    if (managed) except(role, "IAM4", "Control Tower asks for this role with exactly this policy.");
    return role;
  }
}

// What stands around the environments: deployed by hand, once, and seldom changed.

import { Stage, Tags } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { byAccount, type Environment, type Organization } from "./environment.ts";
import { CostsStack } from "./stacks/governance/costs.ts";
import { DeliveryStack } from "./stacks/governance/delivery.ts";
import { LandingZoneStack } from "./stacks/governance/landing-zone.ts";
import { ObservatoryStack } from "./stacks/governance/observatory.ts";
import { OrganizationStack } from "./stacks/governance/organization.ts";
import { LogArchiveStack, TrailStack } from "./stacks/governance/trail.ts";
import { EDGE_REGION } from "./workload-stack.ts";

export class Governance extends Stage {
  constructor(scope: Construct, organization: Organization, environments: Environment[]) {
    super(scope, "stack-governance");
    const { accounts, region } = organization;
    const inAccount = (account: string) => ({ env: { account, region }, terminationProtection: true });
    // Organizations and Cost Explorer answer in one region only.
    const global = { env: { account: accounts.management, region: EDGE_REGION }, terminationProtection: true };
    new OrganizationStack(this, organization, global);
    new LandingZoneStack(this, organization, inAccount(accounts.management));
    new LogArchiveStack(this, organization, inAccount(accounts.logs));
    new TrailStack(this, organization, inAccount(accounts.management));
    new CostsStack(this, organization, environments, global);
    new ObservatoryStack(this, environments, inAccount(accounts.monitoring));
    for (const [account, inIt] of byAccount(environments)) {
      const from = inIt.filter(({ kind }) => kind !== "developer").map(({ name }) => name);
      if (account === accounts.integration) from.push("preview");
      if (from.length > 0)
        new DeliveryStack(this, `delivery-${inIt[0]?.name}`, { ...inAccount(account), organization, from });
    }
    Tags.of(this).add("application", "stack");
    Tags.of(this).add("environment", "governance");
  }
}

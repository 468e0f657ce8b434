// The organization, its units and accounts, and what no account in it may do. Deployed once, in the management account.

import { CfnOutput, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { CfnAccount, CfnOrganization, CfnOrganizationalUnit, CfnPolicy } from "aws-cdk-lib/aws-organizations";
import type { Construct } from "constructs";
import { guardRails } from "../../constructs/guard-rails.ts";
import type { AccountName, Organization } from "../../environment.ts";

/** Made by hand or by Control Tower, not here. */
type Made = Exclude<AccountName, "management">;

export class OrganizationStack extends Stack {
  readonly organization: CfnOrganization;

  constructor(scope: Construct, organization: Organization, props: StackProps) {
    super(scope, "organization", props);
    this.organization = new CfnOrganization(this, "Organization", { featureSet: "ALL" });
    const root = this.organization.attrRootId;
    const workloads = this.#unit("Workloads", root);
    const parents: Record<Made, string | undefined> = {
      production: this.#unit("Production", workloads),
      singleTenant: this.#unit("SingleTenant", workloads),
      integration: this.#unit("Integration", workloads),
      // Control Tower makes the units Security and Sandbox, and moves these two there.
      logs: undefined,
      monitoring: undefined,
      developer: this.#unit("Development", root),
    };
    // Accounts are made one after the other: Organizations refuses two at once.
    let last: CfnAccount | undefined;
    for (const [name, parent] of Object.entries(parents)) {
      const account = new CfnAccount(this, `Account-${name}`, {
        accountName: `stack-${name}`,
        email: `aws-${name.toLowerCase()}@${organization.mailDomain}`,
        parentIds: [parent ?? root],
      });
      // Closing an account takes 90 days and can't be taken back from here.
      account.applyRemovalPolicy(RemovalPolicy.RETAIN);
      if (last) account.addResourceDependency(last);
      last = account;
      new CfnOutput(this, `Account${name}Id`, { value: account.attrAccountId });
    }
    for (const { name, description, document } of guardRails(organization.regions)) {
      new CfnPolicy(this, `Rail-${name}`, {
        name: `stack-${name}`,
        description,
        type: "SERVICE_CONTROL_POLICY",
        content: document,
        targetIds: [root],
      });
    }
    // Not a service control policy: S3 itself then treats every bucket as closed.
    new CfnPolicy(this, "ClosedBuckets", {
      name: "stack-closed-buckets",
      description: "Every bucket of every account blocks public access",
      type: "S3_POLICY",
      content: { s3_attributes: { public_access_block_configuration: { "@@assign": "all" } } },
      targetIds: [root],
    });
  }

  #unit(name: string, parentId: string): string {
    const unit = new CfnOrganizationalUnit(this, `Unit-${name}`, { name, parentId });
    return unit.attrId;
  }
}

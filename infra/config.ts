// Names, accounts, domains and budgets: everything that differs from one owner of this code to the next.

import type { Environment, Organization } from "./lib/environment.ts";

/** Where the data is and the functions run. CloudFront, its certificates and its firewall are in us-east-1. */
const region = "eu-west-1";

/** The accounts, as `organization` below makes them. Replace the numbers once they exist. */
const accounts = {
  management: "000000000001",
  production: "000000000002",
  singleTenant: "000000000003",
  integration: "000000000004",
  developer: "000000000005",
  monitoring: "000000000006",
  logs: "000000000007",
};

const alerts = "alerts@stack.example";

export const environments: Environment[] = [
  {
    name: "production",
    kind: "production",
    account: accounts.production,
    region,
    domain: "stack.example",
    alerts,
    monthlyBudget: 200,
    canary: "CANARY_10PERCENT_5MINUTES",
  },
  {
    // One for each customer who wants the product to themselves.
    name: "tenant-one",
    kind: "production",
    tenant: "one",
    account: accounts.singleTenant,
    region,
    domain: "one.stack.example",
    alerts,
    monthlyBudget: 50,
    canary: "CANARY_10PERCENT_5MINUTES",
  },
  {
    name: "integration",
    kind: "integration",
    account: accounts.integration,
    region,
    domain: "integration.stack.example",
    alerts,
    monthlyBudget: 50,
    canary: "ALL_AT_ONCE",
  },
  {
    name: "developer",
    kind: "developer",
    account: accounts.developer,
    region,
    alerts,
    monthlyBudget: 20,
    canary: "ALL_AT_ONCE",
  },
];

/** A whole environment for one pull request, in the integration account; it goes when the request is closed. */
export function preview(number: number): Environment {
  return {
    name: `pr-${number}`,
    kind: "preview",
    account: accounts.integration,
    region,
    alerts,
    monthlyBudget: 5,
    canary: "ALL_AT_ONCE",
  };
}

export const organization: Organization = {
  region,
  accounts,
  mailDomain: "stack.example",
  alerts,
  monthlyBudget: 400,
  // Where anything may run: the region above, and the one that global services live in.
  regions: [region, "us-east-1"],
  logRetentionDays: 400,
  // The repository whose workflows may deploy.
  repository: "example/stack",
};

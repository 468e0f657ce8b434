// What an environment and the organization around it are made of.

/** The product's own gateway, or Apollo Router in its place: `cargo xtask package --gateway apollo` builds that. */
export type Gateway = "own" | "apollo";

/** One whole copy of the product. */
export interface Environment {
  /** Names its stacks: `stack-<name>-…`. Lower case, at most 12 characters. */
  name: string;
  kind: "production" | "integration" | "developer" | "preview";
  /** The one customer that it is for; without it, it is for everybody. */
  tenant?: string;
  account: string;
  region: string;
  /** The site's host name. Without it the site has the name that CloudFront gives it, and no firewall. */
  domain?: string;
  /** Origins besides the site's own that may call the API, such as those of native shells. */
  corsOrigins?: string[];
  /** Who gets alerts, by e-mail. */
  alerts: string;
  /** US dollars a month at which somebody is told. */
  monthlyBudget: number;
  /** How a new gateway or authorizer takes over: a name of a CodeDeploy configuration for functions. */
  canary: "ALL_AT_ONCE" | "CANARY_10PERCENT_5MINUTES" | "CANARY_10PERCENT_15MINUTES";
  /** Which gateway answers `/graphql`; the product's own unless it is said. */
  gateway?: Gateway;
  /** The monitoring account's sink, once it exists. */
  monitoringSink?: string;
}

/** What stands around the environments. */
export interface Organization {
  region: string;
  accounts: Record<AccountName, string>;
  /** Each account's root user has an address here: `aws-<account>@<domain>`. */
  mailDomain: string;
  alerts: string;
  monthlyBudget: number;
  regions: string[];
  logRetentionDays: number;
  /** `owner/name` on GitHub. */
  repository: string;
}

export type AccountName =
  "management" | "production" | "singleTenant" | "integration" | "developer" | "monitoring" | "logs";

/** Whether its data must outlive mistakes: nothing in it is removed with its stacks. */
export function isKept(environment: Environment): boolean {
  return environment.kind === "production";
}

/** Whether all of it goes when its stacks go. */
export function isPassing(environment: Environment): boolean {
  return environment.kind === "preview" || environment.kind === "developer";
}

/** How long its logs are kept. */
export function logDays(environment: Environment): 7 | 30 | 90 {
  if (isKept(environment)) return 90;
  return isPassing(environment) ? 7 : 30;
}

/** The environments of each account. */
export function byAccount(environments: Environment[]): Map<string, Environment[]> {
  const accounts = new Map<string, Environment[]>();
  for (const environment of environments) {
    accounts.set(environment.account, [...(accounts.get(environment.account) ?? []), environment]);
  }
  return accounts;
}

// Everything that can be deployed, by what a synthesis is told.

import { Validations, type App } from "aws-cdk-lib";
import { environments, organization, preview } from "../config.ts";
import { Checks } from "./checks.ts";
import { Governance } from "./governance.ts";
import { settings } from "./settings.ts";
import { Workload } from "./workload.ts";

/** The name, among environments, of what stands around them. */
const AROUND = "governance";

/**
 * `-c env=NAME` makes that environment alone, `-c env=governance` what stands around all of them alone, `-c pr=N` the
 * preview of a pull request alone, and neither makes everything but previews.
 */
export function assemble(app: App): void {
  const given = settings(app.node);
  const [only, pr] = ["env", "pr"].map((name) => app.node.tryGetContext(name) as unknown);
  const wanted =
    pr !== undefined ? [preview(number(pr))] : environments.filter(({ name }) => only === undefined || name === only);
  if (wanted.length === 0 && only !== AROUND)
    throw new Error(`-c env=${only}: config.ts has no environment of that name`);
  for (const environment of wanted) new Workload(app, environment, given);
  if (pr === undefined && (only === undefined || only === AROUND)) new Governance(app, organization, environments);
  Validations.of(app).addPlugins(new Checks(app));
}

function number(pr: unknown): number {
  const parsed = Number(pr);
  if (!Number.isInteger(parsed) || parsed < 1) throw new Error(`-c pr=${pr}: it must be the number of a pull request`);
  return parsed;
}

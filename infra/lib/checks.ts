// The rules that every template is held against (cdk-nag's AwsSolutions), and the exceptions, each with its reason.

import type { PolicyValidationPluginReport } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import type { IConstruct } from "constructs";

interface Exception {
  rule: string;
  finding?: RegExp;
  reason: string;
  used: boolean;
}

const exceptions = new WeakMap<IConstruct, Exception[]>();

/**
 * Says that a rule does not hold for this construct and all below it, and why. Of a rule with several findings
 * (`IAM5[Resource::*]`), `finding` says which.
 */
export function except(scope: IConstruct, rule: string, reason: string, finding?: RegExp): void {
  const all = exceptions.get(scope) ?? [];
  all.push({ rule: `AwsSolutions-${rule}`, reason, used: false, ...(finding ? { finding } : {}) });
  exceptions.set(scope, all);
}

/** The rules less the exceptions. An exception that excuses nothing is a finding too. */
export class Checks extends AwsSolutionsChecks {
  override validateScope(scope: IConstruct): PolicyValidationPluginReport {
    const { violations } = super.validateScope(scope);
    const left = violations.flatMap((violation) => {
      const violatingResources = violation.violatingResources.filter(
        ({ constructPath }) => !excused(scope, constructPath ?? "", violation.ruleName),
      );
      return violatingResources.length > 0 ? [{ ...violation, violatingResources }] : [];
    });
    const unused = scope.node.findAll().flatMap((construct) => {
      const idle = (exceptions.get(construct) ?? []).filter(({ used }) => !used);
      return idle.map(({ rule, finding }) => ({
        ruleName: "unused-exception",
        description: `${rule} ${finding ?? ""} finds nothing here: take the exception away`,
        severity: "error",
        violatingResources: [{ constructPath: construct.node.path, locations: [] }],
      }));
    });
    const all = [...left, ...unused];
    return { success: all.length === 0, violations: all };
  }
}

/** Whether the construct at the path, or one above it, has such an exception. */
function excused(root: IConstruct, path: string, name: string): boolean {
  const [rule, rest] = name.split("[", 2);
  const finding = rest?.replace(/\]$/, "") ?? "";
  let excused = false;
  let construct: IConstruct | undefined = root;
  for (const id of path.slice(root.node.path.length).split("/").filter(Boolean)) {
    construct = construct?.node.tryFindChild(id);
    for (const exception of (construct && exceptions.get(construct)) ?? []) {
      if (exception.rule !== rule || !(exception.finding?.test(finding) ?? true)) continue;
      exception.used = true;
      excused = true;
    }
  }
  return excused;
}

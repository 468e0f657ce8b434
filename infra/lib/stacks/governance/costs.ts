// Who is told when money goes: a budget for the whole, one for each account, and what is unusual.

import { Stack, type StackProps } from "aws-cdk-lib";
import { CfnBudget } from "aws-cdk-lib/aws-budgets";
import { CfnAnomalyMonitor, CfnAnomalySubscription } from "aws-cdk-lib/aws-ce";
import type { Construct } from "constructs";
import { byAccount, type Environment, type Organization } from "../../environment.ts";

/** US dollars that something unusual must come to before anybody is told. */
const UNUSUAL = 10;

export class CostsStack extends Stack {
  constructor(scope: Construct, organization: Organization, environments: Environment[], props: StackProps) {
    super(scope, "costs", props);
    const { alerts, monthlyBudget } = organization;
    this.#budget("Organization", "stack-organization", monthlyBudget, alerts);
    for (const [account, inIt] of byAccount(environments)) {
      const amount = inIt.reduce((sum, environment) => sum + environment.monthlyBudget, 0);
      this.#budget(`Account${account}`, `stack-account-${account}`, amount, alerts, account);
    }
    const monitor = new CfnAnomalyMonitor(this, "Services", {
      monitorName: "stack-services",
      monitorType: "DIMENSIONAL",
      monitorDimension: "SERVICE",
    });
    new CfnAnomalySubscription(this, "Unusual", {
      subscriptionName: "stack-unusual",
      frequency: "DAILY",
      monitorArnList: [monitor.attrMonitorArn],
      subscribers: [{ type: "EMAIL", address: alerts }],
      thresholdExpression: JSON.stringify({
        Dimensions: {
          Key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
          MatchOptions: ["GREATER_THAN_OR_EQUAL"],
          Values: [String(UNUSUAL)],
        },
      }),
    });
  }

  #budget(id: string, budgetName: string, amount: number, address: string, account?: string): void {
    const tell = (notificationType: string, threshold: number) => ({
      notification: { notificationType, comparisonOperator: "GREATER_THAN", threshold, thresholdType: "PERCENTAGE" },
      subscribers: [{ subscriptionType: "EMAIL", address }],
    });
    new CfnBudget(this, id, {
      budget: {
        budgetName,
        budgetType: "COST",
        timeUnit: "MONTHLY",
        budgetLimit: { amount, unit: "USD" },
        ...(account ? { costFilters: { LinkedAccount: [account] } } : {}),
      },
      notificationsWithSubscribers: [tell("ACTUAL", 50), tell("ACTUAL", 90), tell("FORECASTED", 100)],
    });
  }
}

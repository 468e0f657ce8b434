// What tells people that something is wrong: one topic, alarms, a dashboard, a budget, and a link to the
// account where all environments are seen together.

import { Duration } from "aws-cdk-lib";
import { CfnBudget } from "aws-cdk-lib/aws-budgets";
import { MathExpression, Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnLink } from "aws-cdk-lib/aws-oam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import { Alarms } from "../constructs/alarms.ts";
import type { DeadLetteredQueue } from "../constructs/dead-lettered-queue.ts";
import type { Handler } from "../constructs/handler.ts";
import { overview } from "../constructs/overview.ts";
import { WorkloadStack, type WorkloadProps } from "../workload-stack.ts";
import type { ApiStack } from "./api.ts";
import type { AsyncStack } from "./async.ts";
import type { DataStack } from "./data.ts";
import type { EdgeStack } from "./edge.ts";
import type { MailStack } from "./mail.ts";

export interface MonitoringProps extends WorkloadProps {
  data: DataStack;
  mail: MailStack;
  api: ApiStack;
  later: AsyncStack;
  edge: EdgeStack;
}

const period = Duration.minutes(5);

export class MonitoringStack extends WorkloadStack {
  readonly topic: Topic;

  constructor(scope: Construct, props: MonitoringProps) {
    super(scope, "monitoring", props);
    const { environment, data, mail, api, later, edge } = props;
    this.topic = new Topic(this, "Alerts", { enforceSSL: true, displayName: `Stack ${environment.name}` });
    this.topic.addSubscription(new EmailSubscription(environment.alerts));
    for (const service of ["cloudwatch", "budgets"])
      this.topic.grantPublish(new ServicePrincipal(`${service}.amazonaws.com`));

    const alarms = new Alarms(this, "Alarms", this.topic);
    const handlers = [...api.handlers, ...later.handlers];
    this.#calls(alarms, api);
    for (const handler of handlers) this.#function(alarms, handler);
    this.#table(alarms, data);
    const queues = {
      Notifications: later.notifications,
      Undelivered: later.undelivered,
      MailFeedback: mail.feedback,
      ...(api.media.unheard ? { Conversions: api.media.unheard } : {}),
    };
    for (const [name, queue] of Object.entries(queues)) this.#queue(alarms, name, queue);
    this.#mail(alarms);
    overview(this, { environment, alarms: alarms.all, handlers, data, api, edge });
    this.#budget(props);
    if (environment.monitoringSink) {
      new CfnLink(this, "Link", {
        labelTemplate: "$AccountName",
        resourceTypes: ["AWS::CloudWatch::Metric", "AWS::XRay::Trace"],
        sinkIdentifier: environment.monitoringSink,
      });
    }
  }

  #calls(alarms: Alarms, { door }: ApiStack): void {
    const failed = new MathExpression({
      expression: "100 * failed / calls",
      usingMetrics: {
        failed: door.stage.metricServerError({ period, statistic: Stats.SUM }),
        calls: door.stage.metricCount({ period, statistic: Stats.SUM }),
      },
      period,
      label: "failed calls, %",
    });
    alarms.above(
      "CallsFail",
      "More than 1 of 100 calls of the API fails: people's changes wait on their devices",
      failed,
      1,
      2,
    );
    alarms.above(
      "CallsSlow",
      "The slowest hundredth of calls takes more than 3 s",
      door.stage.metricLatency({ period, statistic: Stats.p(99) }),
      3000,
      3,
    );
  }

  #function(alarms: Alarms, { node, function: fn }: Handler): void {
    const name = node.id;
    alarms.above(
      `${name}Throttled`,
      `${name} is called more often than the account's functions may run`,
      fn.metricThrottles({ period }),
      0,
    );
    alarms.above(`${name}Fails`, `${name} ends with an error or runs out of time`, fn.metricErrors({ period }), 5, 2);
  }

  #table(alarms: Alarms, { table }: DataStack): void {
    const metric = (metricName: string, operation?: string) =>
      new Metric({
        namespace: "AWS/DynamoDB",
        metricName,
        dimensionsMap: { TableName: table.tableName, ...(operation ? { Operation: operation } : {}) },
        statistic: Stats.SUM,
        period,
      });
    alarms.above("ReadsThrottled", "The table turns reads away", metric("ReadThrottleEvents"), 10, 2);
    alarms.above("WritesThrottled", "The table turns writes away", metric("WriteThrottleEvents"), 10, 2);
    alarms.above("TableFails", "Transactions fail inside DynamoDB", metric("SystemErrors", "TransactWriteItems"), 5, 2);
  }

  #queue(alarms: Alarms, name: string, { queue, dead }: DeadLetteredQueue): void {
    alarms.above(
      `${name}Dead`,
      `Messages of ${name} could not be handled and are set aside`,
      dead.metricApproximateNumberOfMessagesVisible({ period }),
      0,
    );
    alarms.above(
      `${name}Late`,
      `The oldest message of ${name} waits for more than 10 minutes`,
      queue.metricApproximateAgeOfOldestMessage({ period }),
      600,
      2,
    );
  }

  #mail(alarms: Alarms): void {
    const rate = (metricName: string) =>
      new Metric({ namespace: "AWS/SES", metricName, statistic: Stats.AVERAGE, period: Duration.hours(1) });
    // At twice these rates SES looks into it; at about five times it stops sending.
    alarms.above("MailBounces", "More than 2 of 100 mails come back", rate("Reputation.BounceRate"), 0.02);
    alarms.above(
      "MailComplaints",
      "More than 5 of 10,000 mails are called spam",
      rate("Reputation.ComplaintRate"),
      0.0005,
    );
  }

  #budget({ environment }: MonitoringProps): void {
    const tell = (notificationType: string, threshold: number) => ({
      notification: { notificationType, comparisonOperator: "GREATER_THAN", threshold, thresholdType: "PERCENTAGE" },
      subscribers: [{ subscriptionType: "SNS", address: this.topic.topicArn }],
    });
    new CfnBudget(this, "Budget", {
      budget: {
        budgetName: `stack-${environment.name}`,
        budgetType: "COST",
        timeUnit: "MONTHLY",
        budgetLimit: { amount: environment.monthlyBudget, unit: "USD" },
        // Of an account with several environments, this one's part.
        costFilters: { TagKeyValue: [`user:environment$${environment.name}`] },
      },
      notificationsWithSubscribers: [tell("ACTUAL", 80), tell("FORECASTED", 100)],
    });
  }
}

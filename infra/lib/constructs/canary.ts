// An alias that moves to a new version bit by bit, and back by itself when an alarm goes off.

import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { type ILambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from "aws-cdk-lib/aws-codedeploy";
import { ManagedPolicy, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Alias } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { Environment } from "../environment.ts";
import { except } from "../checks.ts";
import type { Handler } from "./handler.ts";

export interface CanaryProps {
  environment: Environment;
  handler: Handler;
  /** Without one the alias moves at once, as where there is no CodeDeploy. */
  application?: ILambdaApplication;
  /** Milliseconds that 99 of 100 calls stay under. */
  p99: number;
  /** Whether its answers tell of faults, too: one that a subgraph is missing from is no error of the function. */
  answersFaults?: boolean;
}

/** The name of the alias that the API calls. */
export const LIVE = "live";

export class Canary extends Construct {
  readonly alias: Alias;

  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    const { handler, application } = props;
    this.alias = new Alias(this, "Alias", { aliasName: LIVE, version: handler.function.currentVersion });
    if (application) this.#shift(props, application);
  }

  #shift({ environment, p99, answersFaults }: CanaryProps, application: ILambdaApplication): void {
    const period = Duration.minutes(1);
    const share = (id: string, alarmDescription: string, errors: IMetric, calls: IMetric) =>
      new Alarm(this, id, {
        alarmDescription,
        // Without calls there is no value, and no alarm.
        metric: new MathExpression({ expression: "100 * errors / calls", usingMetrics: { errors, calls }, period }),
        threshold: 2,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 2,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    const failing = share(
      "Failing",
      "More than 2 of 100 calls fail",
      this.alias.metricErrors({ period }),
      this.alias.metricInvocations({ period }),
    );
    // What the functions say themselves (`server/lambda/src/metrics.rs`), of all versions: a new one that answers only
    // faults is a tenth of them.
    const told = (metricName: string) =>
      new Metric({
        namespace: "Stack",
        metricName,
        dimensionsMap: { environment: environment.name },
        statistic: Stats.SUM,
        period,
      });
    const faulty = answersFaults
      ? [
          share(
            "Faulty",
            "More than 2 of 100 answers say that something of ours failed",
            told("errors"),
            told("requests"),
          ),
        ]
      : [];
    const slow = new Alarm(this, "Slow", {
      alarmDescription: `The slowest hundredth of calls takes more than ${p99} ms`,
      metric: this.alias.metricDuration({ period, statistic: Stats.p(99) }),
      threshold: p99,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("codedeploy.amazonaws.com"),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName("service-role/AWSCodeDeployRoleForLambdaLimited")],
    });
    except(
      role,
      "IAM4",
      "The policy that CodeDeploy's makers keep for shifting a function's traffic, and no more.",
      /AWSCodeDeployRoleForLambdaLimited$/,
    );
    new LambdaDeploymentGroup(this, "Deployment", {
      application,
      role,
      alias: this.alias,
      deploymentConfig: LambdaDeploymentConfig[environment.canary],
      alarms: [failing, ...faulty, slow],
      autoRollback: { deploymentInAlarm: true, failedDeployment: true, stoppedDeployment: true },
    });
  }
}

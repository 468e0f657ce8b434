// The dashboard of an environment: what people notice first, then what it comes from.

import { Duration } from "aws-cdk-lib";
import { AlarmStatusWidget, Dashboard, GraphWidget, Metric, Stats, type Alarm } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { Environment } from "../environment.ts";
import type { ApiStack } from "../stacks/api.ts";
import type { DataStack } from "../stacks/data.ts";
import type { EdgeStack } from "../stacks/edge.ts";
import { EDGE_REGION } from "../workload-stack.ts";
import type { Handler } from "./handler.ts";

export interface OverviewProps {
  environment: Environment;
  alarms: Alarm[];
  handlers: Handler[];
  data: DataStack;
  api: ApiStack;
  edge: EdgeStack;
}

const period = Duration.minutes(5);

export function overview(scope: Construct, { environment, alarms, handlers, data, api, edge }: OverviewProps): void {
  const { stage } = api.door;
  const graph = (title: string, left: Metric[], right: Metric[] = []) =>
    new GraphWidget({ title, left, right, width: 12, height: 6 });
  const table = (metricName: string) =>
    new Metric({
      namespace: "AWS/DynamoDB",
      metricName,
      dimensionsMap: { TableName: data.table.tableName },
      statistic: Stats.SUM,
      period,
    });
  const cdn = (metricName: string, statistic: string) =>
    new Metric({
      namespace: "AWS/CloudFront",
      metricName,
      dimensionsMap: { DistributionId: edge.distribution.distributionId, Region: "Global" },
      region: EDGE_REGION,
      statistic,
      period,
    });
  new Dashboard(scope, "Dashboard", {
    dashboardName: `stack-${environment.name}`,
    widgets: [
      [new AlarmStatusWidget({ title: "Alarms", alarms, width: 24, height: 4 })],
      [
        graph("Calls", [
          stage.metricCount({ period }),
          stage.metricClientError({ period }),
          stage.metricServerError({ period }),
        ]),
        graph(
          "Latency",
          [50, 90, 99].map((p) => stage.metricLatency({ period, statistic: Stats.p(p), label: `p${p}` })),
        ),
      ],
      [
        graph(
          "Functions: calls",
          handlers.map(({ function: fn }) => fn.metricInvocations({ period })),
        ),
        graph(
          "Functions: p99",
          handlers.map(({ function: fn }) => fn.metricDuration({ period, statistic: Stats.p(99) })),
        ),
      ],
      [
        graph("Table: units", [table("ConsumedReadCapacityUnits"), table("ConsumedWriteCapacityUnits")]),
        graph("CDN", [cdn("Requests", Stats.SUM)], [cdn("5xxErrorRate", Stats.AVERAGE)]),
      ],
    ],
  });
}

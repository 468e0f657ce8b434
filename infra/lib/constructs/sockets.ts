// The WebSocket API behind `/ws`: it carries pokes to devices.

import { WebSocketApi, WebSocketStage } from "aws-cdk-lib/aws-apigatewayv2";
import { WebSocketLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { WorkloadProps } from "../workload-stack.ts";
import { accessLog } from "./access-log.ts";
import { except } from "../checks.ts";

/** How the findings name what a function may send to. */
export const UNNAMED_CONNECTIONS = /\/@connections\/\*$/;
/** The stage is the path, so that CloudFront can pass `/ws` on as it is. */
const STAGE = "ws";

export class Sockets extends Construct {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;

  /** Where functions send what devices are to be told. */
  readonly callbackUrl: string;

  constructor(scope: Construct, id: string, { environment, settings }: WorkloadProps) {
    super(scope, id);
    this.api = new WebSocketApi(this, "Api", { apiName: `stack-${environment.name}-sockets` });
    this.stage = new WebSocketStage(this, "Stage", {
      webSocketApi: this.api,
      stageName: STAGE,
      autoDeploy: true,
      throttle: { rateLimit: 500, burstLimit: 1000 },
      detailedMetricsEnabled: true,
      accessLogSettings: accessLog(this, environment, "socket"),
    });
    this.callbackUrl = settings.emulator
      ? `${settings.emulator}/_aws/execute-api/${this.api.apiId}/${STAGE}`
      : this.stage.callbackUrl;
  }

  /** Hands what clients do to this function. */
  serve(handler: IFunction): void {
    for (const route of ["$connect", "$default", "$disconnect"]) {
      const made = this.api.addRoute(route, { integration: new WebSocketLambdaIntegration(route.slice(1), handler) });
      except(
        made,
        "APIG4",
        "A browser's socket can send no token but in its first message, which the function checks.",
      );
    }
  }

  /** What lets a function send to connected devices, and end their connections. */
  maySend(): PolicyStatement {
    const connections = Stack.of(this).formatArn({
      service: "execute-api",
      resource: this.api.apiId,
      resourceName: `${STAGE}/*/@connections/*`,
    });
    return new PolicyStatement({ actions: ["execute-api:ManageConnections"], resources: [connections] });
  }
}

// A log of calls, without what they were about or who made them.

import { RemovalPolicy } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { LogGroupLogDestination, type IAccessLogSettings } from "aws-cdk-lib/aws-apigatewayv2";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { logDays, type Environment } from "../environment.ts";

const COMMON = {
  id: "$context.requestId",
  at: "$context.requestTimeEpoch",
  route: "$context.routeKey",
  status: "$context.status",
  error: "$context.error.responseType",
  handlerError: "$context.integrationErrorMessage",
  handlerMillis: "$context.integrationLatency",
};

const KINDS = {
  http: {
    ...COMMON,
    millis: "$context.responseLatency",
    bytes: "$context.responseLength",
    authorizer: "$context.authorizer.error",
  },
  socket: { ...COMMON, event: "$context.eventType", connection: "$context.connectionId" },
};

export function accessLog(scope: Construct, environment: Environment, kind: keyof typeof KINDS): IAccessLogSettings {
  const group = new LogGroup(scope, "AccessLog", {
    retention: logDays(environment),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return {
    destination: new LogGroupLogDestination(group),
    format: AccessLogFormat.custom(JSON.stringify(KINDS[kind])),
  };
}

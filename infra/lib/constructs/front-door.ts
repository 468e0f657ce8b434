// The HTTP API: routes, the authorizer and how long its word holds, throttles, and a log of calls.

import { Duration } from "aws-cdk-lib";
import { CfnStage, CorsHttpMethod, HttpApi, HttpMethod, HttpStage } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { Environment } from "../environment.ts";
import { accessLog } from "./access-log.ts";
import { except } from "../checks.ts";

/** The header in which CloudFront shows that a request came through it. */
export const ORIGIN_HEADER = "x-origin-verify";
/** How long an authorizer's answer is taken for the same token: so long may a session outlive its end. */
export const AUTHORIZED = Duration.seconds(60);

/** Calls a second, and at once, over all callers: what the account's functions can take, and what a bill can. */
const THROTTLE = { rateLimit: 500, burstLimit: 1000 };
const SIGN_IN = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 };

export interface FrontDoorProps {
  environment: Environment;
  authorizer: IFunction;
  gateway: IFunction;
  account: IFunction;
  /** What answers for media that are not there yet. */
  maker: IFunction;
}

export class FrontDoor extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, { environment, authorizer, gateway, account, maker }: FrontDoorProps) {
    super(scope, id);
    const { corsOrigins } = environment;
    this.api = new HttpApi(this, "Api", {
      apiName: `stack-${environment.name}`,
      createDefaultStage: false,
      ...(corsOrigins
        ? {
            corsPreflight: {
              allowOrigins: corsOrigins,
              allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
              allowHeaders: ["authorization", "content-type", "x-amzn-trace-id"],
              allowCredentials: true,
              maxAge: Duration.hours(2),
            },
          }
        : {}),
    });
    const known = new HttpLambdaAuthorizer("Authorizer", authorizer, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ["$request.header.Authorization", `$request.header.${ORIGIN_HEADER}`],
      resultsCacheTtl: AUTHORIZED,
    });
    const route = (method: HttpMethod, path: string, handler: IFunction) =>
      this.api.addRoutes({
        path,
        methods: [method],
        integration: new HttpLambdaIntegration(`${handler.node.path}`, handler),
      });
    this.api.addRoutes({
      path: "/graphql",
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration("Gateway", gateway),
      authorizer: known,
    });
    const open = [...route(HttpMethod.POST, "/auth/{action}", account), ...route(HttpMethod.GET, "/healthz", account)];
    open.push(...route(HttpMethod.GET, "/media/{proxy+}", maker));
    for (const each of open) {
      except(
        each,
        "APIG4",
        "It is for callers without a token; the function itself checks that they came by CloudFront.",
      );
    }
    this.stage = new HttpStage(this, "Stage", {
      httpApi: this.api,
      stageName: "$default",
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: THROTTLE,
      accessLogSettings: accessLog(this, environment, "http"),
    });
    const stage = this.stage.node.defaultChild as CfnStage;
    stage.routeSettings = { "POST /auth/{action}": SIGN_IN };
    // Settings of a route that is not there yet are refused.
    for (const each of open) stage.node.addDependency(each);
  }
}

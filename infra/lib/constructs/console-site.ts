// A static site behind a sign-in: CloudFront shows it to nobody without cookies that only a signed-in user gets.

import { Duration, Stack } from "aws-cdk-lib";
import { HttpApi, HttpMethod, HttpStage } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin, S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import type { IUserPool } from "aws-cdk-lib/aws-cognito";
import { OAuthScope, UserPoolClient, type UserPoolDomain } from "aws-cdk-lib/aws-cognito";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { BucketDeployment, Source } from "aws-cdk-lib/aws-s3-deployment";
import { Construct } from "constructs";
import type { WorkloadProps } from "../workload-stack.ts";
import { accessLog } from "./access-log.ts";
import { except } from "../checks.ts";
import { Handler } from "./handler.ts";
import { MediaKey } from "./media-key.ts";
import { PrivateBucket } from "./private-bucket.ts";
import { readable } from "./stored-secret.ts";

export interface ConsoleSiteProps extends WorkloadProps {
  /** The folder of the built site. */
  folder: string;
  host: string;
  certificate: ICertificate;
  firewall: string;
  logs: IBucket;
  users: IUserPool;
  signIn: UserPoolDomain;
}

export class ConsoleSite extends Construct {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, props: ConsoleSiteProps) {
    super(scope, id);
    const { environment, settings, folder, host, certificate, firewall, logs, users, signIn } = props;
    const workload = { environment, settings };
    const client = new UserPoolClient(this, "Client", {
      userPool: users,
      generateSecret: false,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [`https://${host}/session/callback`],
      },
      preventUserExistenceErrors: true,
    });
    const key = new MediaKey(this, "Key", workload);
    const session = new Handler(this, "Session", {
      ...workload,
      script: "console-session",
      memory: 256,
      seconds: 10,
      variables: {
        HOST: host,
        SIGN_IN: signIn.baseUrl(),
        CLIENT: client.userPoolClientId,
        KEY: key.secret.arn,
        KEY_ID: key.id,
      },
      may: [readable(key.secret)],
    });
    const bucket = new PrivateBucket(this, "Files", workload, { logs });
    this.distribution = new Distribution(this, "Distribution", {
      comment: `stack-${environment.name}-console`,
      domainNames: [host],
      certificate,
      webAclId: firewall,
      defaultRootObject: "index.html",
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        responseHeadersPolicy: ResponseHeadersPolicy.SECURITY_HEADERS,
        ...(key.group ? { trustedKeyGroups: [key.group] } : {}),
      },
      additionalBehaviors: {
        "/session/*": {
          origin: new HttpOrigin(this.#door(session, environment.name, workload)),
          allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        },
      },
      // Whoever has no cookies gets a page that leads to the sign-in.
      errorResponses: [
        { httpStatus: 403, responsePagePath: "/session/needed", responseHttpStatus: 403, ttl: Duration.seconds(0) },
      ],
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      enableLogging: true,
      logBucket: logs,
      logFilePrefix: "console/",
    });
    except(this.distribution, "CFR1", "The team may be anywhere; the sign-in is what keeps others out.");
    new BucketDeployment(this, "Upload", {
      sources: [Source.asset(folder)],
      destinationBucket: bucket,
      distribution: this.distribution,
    });
  }

  /** Gives the API's host name. */
  #door(session: Handler, name: string, { environment }: WorkloadProps): string {
    const api = new HttpApi(this, "Api", { apiName: `stack-${name}-console`, createDefaultStage: false });
    const routes = api.addRoutes({
      path: "/session/{step}",
      methods: [HttpMethod.GET],
      integration: new HttpLambdaIntegration("Session", session.function),
    });
    for (const route of routes) except(route, "APIG4", "It is the sign-in itself.");
    new HttpStage(this, "Stage", {
      httpApi: api,
      stageName: "$default",
      autoDeploy: true,
      throttle: { rateLimit: 10, burstLimit: 20 },
      accessLogSettings: accessLog(this, environment, "http"),
    });
    const { region, urlSuffix } = Stack.of(this);
    return `${api.apiId}.execute-api.${region}.${urlSuffix}`;
  }
}

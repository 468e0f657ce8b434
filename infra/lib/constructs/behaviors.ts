// Where CloudFront sends what: the API's paths, the socket, and media.

import { Annotations, Stack } from "aws-cdk-lib";
import {
  AllowedMethods,
  CachePolicy,
  Function,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
  type BehaviorOptions,
  type IOrigin,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin, OriginGroup, S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { Bucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { EdgeProps } from "../stacks/edge.ts";
import { ORIGIN_HEADER } from "./front-door.ts";
import { apiHeaders } from "./site-headers.ts";
import { API_REQUEST, PLAYLIST_REQUEST, VARIANT_REQUEST } from "./viewer-functions.ts";

/** A program of CloudFront's that sees each request before the cache does. */
export function onRequest(scope: Construct, id: string, code: string): Pick<BehaviorOptions, "functionAssociations"> {
  const program = new Function(scope, id, {
    code: FunctionCode.fromInline(code.trim()),
    runtime: FunctionRuntime.JS_2_0,
  });
  return { functionAssociations: [{ function: program, eventType: FunctionEventType.VIEWER_REQUEST }] };
}

export function apiBehaviors(scope: Construct, props: EdgeProps): Record<string, BehaviorOptions> {
  const { api } = props;
  const uncached: Omit<BehaviorOptions, "origin"> = {
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    responseHeadersPolicy: apiHeaders(scope),
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    ...onRequest(scope, "ApiRequest", API_REQUEST),
  };
  const calls = { ...uncached, origin: endpoint(scope, props, api.door.api.apiId) };
  return {
    "/graphql": calls,
    "/auth/*": calls,
    "/healthz": calls,
    "/ws": { ...uncached, origin: endpoint(scope, props, api.sockets.api.apiId) },
  };
}

export function mediaBehaviors(scope: Construct, props: EdgeProps): Record<string, BehaviorOptions> {
  const { api, data, settings } = props;
  const signed: Omit<BehaviorOptions, "origin"> = {
    allowedMethods: AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    ...(api.mediaKey.group ? { trustedKeyGroups: [api.mediaKey.group] } : {}),
  };
  const { variants } = data;
  // Imported, so that its policy, which is in a stack that this one reads, is not written to from here.
  const bucket = Bucket.fromBucketAttributes(scope, "Variants", {
    bucketName: variants.bucketName,
    region: data.region,
  });
  Annotations.of(scope).acknowledgeWarning(
    "@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac",
    "The data stack lets CloudFront in.",
  );
  const primaryOrigin = S3BucketOrigin.withOriginAccessControl(bucket);
  return {
    // A playlist is never a file: each one carries the signature of whoever asked.
    "/media/*.m3u8": {
      ...signed,
      origin: endpoint(scope, props, api.door.api.apiId),
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      ...onRequest(scope, "PlaylistRequest", PLAYLIST_REQUEST),
    },
    "/media/*": {
      ...signed,
      origin: settings.emulator
        ? primaryOrigin
        : new OriginGroup({
            primaryOrigin,
            // A variant that is not there yet is made at the first request for it.
            fallbackOrigin: endpoint(scope, props, api.door.api.apiId, "/media"),
            fallbackStatusCodes: [403, 404],
          }),
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      ...onRequest(scope, "VariantRequest", VARIANT_REQUEST),
    },
  };
}

function endpoint(scope: Construct, { data, settings }: EdgeProps, apiId: string, originPath?: string): IOrigin {
  const { urlSuffix } = Stack.of(scope);
  // Resolved by CloudFormation: the template only names the secret.
  const customHeaders = { [ORIGIN_HEADER]: data.originSecret.secretValue.unsafeUnwrap() };
  if (settings.emulator) {
    const { hostname, port } = new URL(settings.emulator);
    return new HttpOrigin(hostname, {
      protocolPolicy: OriginProtocolPolicy.HTTP_ONLY,
      httpPort: Number(port),
      customHeaders,
      originPath: `/_aws/execute-api/${apiId}/$default`,
    });
  }
  return new HttpOrigin(`${apiId}.execute-api.${data.region}.${urlSuffix}`, {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    customHeaders,
    ...(originPath ? { originPath } : {}),
  });
}

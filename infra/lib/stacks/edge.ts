// What the world reaches: one distribution that serves the site, the API and media under one name.

import { CfnOutput, Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  AccessLevel,
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { AaaaRecord, ARecord, PublicHostedZone, RecordTarget } from "aws-cdk-lib/aws-route53";
import { CloudFrontTarget } from "aws-cdk-lib/aws-route53-targets";
import type { Construct } from "constructs";
import { except } from "../checks.ts";
import { apiBehaviors, mediaBehaviors, onRequest } from "../constructs/behaviors.ts";
import { PrivateBucket } from "../constructs/private-bucket.ts";
import { Rotation } from "../constructs/rotation.ts";
import { siteHeaders } from "../constructs/site-headers.ts";
import { sitePages } from "../constructs/viewer-functions.ts";
import { readSite } from "../settings.ts";
import { WorkloadStack, type WorkloadProps } from "../workload-stack.ts";
import type { ApiStack } from "./api.ts";
import type { DataStack } from "./data.ts";
import type { DomainStack } from "./domain.ts";
import type { PerimeterStack } from "./perimeter.ts";

export interface EdgeProps extends WorkloadProps {
  data: DataStack;
  api: ApiStack;
  /** Both or none: an environment without a domain has the distribution's own name. */
  named?: { domain: DomainStack; perimeter: PerimeterStack };
}

export class EdgeStack extends WorkloadStack {
  readonly site: PrivateBucket;
  readonly distribution: Distribution;

  constructor(scope: Construct, props: EdgeProps) {
    super(scope, "edge", props);
    const { environment, settings, data, named } = props;
    const { hosting, notFound } = readSite(settings.site);
    this.site = new PrivateBucket(this, "Site", props, {
      logs: data.logs,
      versioned: true,
      rules: [{ id: "older-releases", noncurrentVersionExpiration: Duration.days(30) }],
    });
    // It is built anew from the sources at any time.
    this.site.applyRemovalPolicy(RemovalPolicy.DESTROY);
    this.distribution = new Distribution(this, "Distribution", {
      comment: `stack-${environment.name}`,
      defaultBehavior: {
        // With the right to list, a file that is not there is answered with 404 and not with 403.
        origin: S3BucketOrigin.withOriginAccessControl(this.site, {
          originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
        }),
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        responseHeadersPolicy: siteHeaders(this, hosting, data.originals.origin),
        compress: true,
        ...onRequest(this, "SiteRequest", sitePages(hosting, notFound)),
      },
      additionalBehaviors: { ...apiBehaviors(this, props), ...mediaBehaviors(this, props) },
      httpVersion: HttpVersion.HTTP2_AND_3,
      // The site's function has an answer for the root too; this is for the day when it is taken off.
      defaultRootObject: "index.html",
      priceClass: PriceClass.PRICE_CLASS_100,
      enableLogging: true,
      logBucket: data.logs,
      logFilePrefix: "cdn/",
      ...(named && environment.domain
        ? {
            domainNames: [environment.domain],
            certificate: named.perimeter.certificate,
            minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
            webAclId: named.perimeter.firewall.arn,
          }
        : {}),
    });
    except(this.distribution, "CFR1", "The product is for people everywhere.");
    if (!named) {
      except(
        this.distribution,
        "CFR2",
        "Environments that pass have no firewall: it costs more than all else in them.",
      );
      except(this.distribution, "CFR4", "CloudFront's own certificate comes with its own choice of protocols.");
    }
    if (settings.emulator) except(this.distribution, "CFR5", "An emulator speaks no TLS.");
    if (named) this.#publish(named.domain.zone.hostedZoneId, environment.domain ?? "");
    if (!settings.emulator)
      new Rotation(this, "Rotation", {
        environment,
        settings,
        secret: data.originSecret,
        distribution: this.distribution,
      });

    new CfnOutput(this, "SiteBucket", { value: this.site.bucketName });
    new CfnOutput(this, "DistributionId", { value: this.distribution.distributionId });
    new CfnOutput(this, "Url", { value: `https://${environment.domain ?? this.distribution.distributionDomainName}` });
  }

  #publish(hostedZoneId: string, zoneName: string): void {
    const zone = PublicHostedZone.fromPublicHostedZoneAttributes(this, "Zone", { hostedZoneId, zoneName });
    const target = RecordTarget.fromAlias(new CloudFrontTarget(this.distribution));
    new ARecord(this, "A", { zone, target });
    new AaaaRecord(this, "Aaaa", { zone, target });
  }
}

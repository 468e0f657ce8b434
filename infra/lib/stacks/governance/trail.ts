// What is done in any account is written down, in an account where nobody works.

import { Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { CfnTrail } from "aws-cdk-lib/aws-cloudtrail";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { except } from "../../checks.ts";
import type { Organization } from "../../environment.ts";

const TRAIL = "stack-organization";

function archiveName({ accounts }: Organization): string {
  return `stack-trail-${accounts.logs}`;
}

function trailArn({ accounts, region }: Organization): string {
  return `arn:aws:cloudtrail:${region}:${accounts.management}:trail/${TRAIL}`;
}

/** The archive, in the account for logs: what is in it can't be changed or removed before its time. */
export class LogArchiveStack extends Stack {
  constructor(scope: Construct, organization: Organization, props: StackProps) {
    super(scope, "log-archive", props);
    const kept = Duration.days(organization.logRetentionDays);
    const bucket = new Bucket(this, "Trail", {
      bucketName: archiveName(organization),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      objectLockDefaultRetention: ObjectLockRetention.governance(kept),
      lifecycleRules: [{ expiration: kept.plus(Duration.days(1)), noncurrentVersionExpiration: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    except(
      bucket,
      "S1",
      "It is the archive of logs; nobody but the trail writes there, and reads are in the trail itself.",
    );
    const trail = { StringEquals: { "aws:SourceArn": trailArn(organization) } };
    const principals = [new ServicePrincipal("cloudtrail.amazonaws.com")];
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ["s3:GetBucketAcl"],
        resources: [bucket.bucketArn],
        conditions: trail,
      }),
    );
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ["s3:PutObject"],
        resources: [bucket.arnForObjects("AWSLogs/*")],
        conditions: { StringEquals: { ...trail.StringEquals, "s3:x-amz-acl": "bucket-owner-full-control" } },
      }),
    );
  }
}

/** The trail over all accounts and regions, in the management account. */
export class TrailStack extends Stack {
  constructor(scope: Construct, organization: Organization, props: StackProps) {
    super(scope, "trail", props);
    new CfnTrail(this, "Trail", {
      trailName: TRAIL,
      isLogging: true,
      isOrganizationTrail: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      s3BucketName: archiveName(organization),
    });
  }
}

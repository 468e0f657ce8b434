// A bucket that nobody reaches but by a role: encrypted, over TLS, without leftovers of broken uploads.

import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  type BucketProps,
  type IBucket,
} from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { isKept, isPassing } from "../environment.ts";
import { except } from "../checks.ts";
import type { WorkloadProps } from "../workload-stack.ts";

/** How long an upload may be resumed before its parts are removed. */
const UNFINISHED = Duration.days(7);

export interface PrivateBucketProps extends Pick<BucketProps, "cors" | "versioned"> {
  /** Where requests to it are logged; without one it is such a log itself. */
  logs?: IBucket;
  rules?: BucketProps["lifecycleRules"];
}

export class PrivateBucket extends Bucket {
  readonly #emulator: string | undefined;

  constructor(scope: Construct, id: string, { environment, settings }: WorkloadProps, props: PrivateBucketProps = {}) {
    const { logs, rules = [], ...rest } = props;
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: !settings.emulator,
      // Deliveries of CloudFront's logs still need an access control list; nothing else does.
      objectOwnership: logs ? ObjectOwnership.BUCKET_OWNER_ENFORCED : ObjectOwnership.BUCKET_OWNER_PREFERRED,
      removalPolicy: isKept(environment) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      autoDeleteObjects: isPassing(environment) && !settings.emulator,
      lifecycleRules: [{ id: "unfinished-uploads", abortIncompleteMultipartUploadAfter: UNFINISHED }, ...rules],
      ...(logs ? { serverAccessLogsBucket: logs, serverAccessLogsPrefix: `${id.toLowerCase()}/` } : {}),
      ...rest,
    });
    this.#emulator = settings.emulator;
    if (settings.emulator) except(this, "S10", "An emulator speaks no TLS.");
  }

  /** The origin that signed uploads go to. */
  get origin(): string {
    return this.#emulator ?? `https://${this.bucketRegionalDomainName}`;
  }

  /** `arn:…/*` for objects, or those under a prefix. */
  objects(prefix = ""): string {
    return Stack.of(this).formatArn({
      service: "s3",
      region: "",
      account: "",
      resource: this.bucketName,
      resourceName: `${prefix}*`,
    });
  }
}

/** To list what is in these. Without that right, S3 says of a file that is not there that it may not be read. */
export function listable(...buckets: PrivateBucket[]): PolicyStatement {
  return new PolicyStatement({ actions: ["s3:ListBucket"], resources: buckets.map(({ bucketArn }) => bucketArn) });
}

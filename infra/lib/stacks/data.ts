// What must outlive everything else: the table, the buckets of media, and the secrets.

import { CfnOutput, Duration, RemovalPolicy, Size } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { HttpMethods, StorageClass } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { except } from "../checks.ts";
import { PrivateBucket } from "../constructs/private-bucket.ts";
import { StoredSecret } from "../constructs/stored-secret.ts";
import { BY_VERSION } from "../constructs/table-access.ts";
import { isKept, logDays } from "../environment.ts";
import { WorkloadStack, type WorkloadProps } from "../workload-stack.ts";

/** From this size on, moving between tiers saves more than watching the object costs. */
const TIERED = Size.mebibytes(1);

export class DataStack extends WorkloadStack {
  readonly table: Table;
  readonly logs: PrivateBucket;
  readonly originals: PrivateBucket;
  readonly variants: PrivateBucket;
  /** What access tokens are signed with, and sign-in codes hashed. */
  readonly signingSecret: StoredSecret;
  /** What CloudFront shows to prove that a request came through it. */
  readonly originSecret: StoredSecret;

  constructor(scope: Construct, props: WorkloadProps) {
    super(scope, "data", props);
    const { environment } = props;
    const kept = isKept(environment);
    const removalPolicy = kept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

    // As `server/platform/src/table/open.rs` makes it.
    this.table = new Table(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.DEFAULT,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: "ttl",
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      deletionProtection: kept,
      removalPolicy,
    });
    this.table.addLocalSecondaryIndex({
      indexName: BY_VERSION,
      sortKey: { name: "v", type: AttributeType.NUMBER },
      projectionType: ProjectionType.ALL,
    });

    this.logs = new PrivateBucket(this, "Logs", props, {
      rules: [{ id: "old-logs", expiration: Duration.days(logDays(environment)) }],
    });
    const tiered = {
      id: "large-objects",
      objectSizeGreaterThan: TIERED.toBytes(),
      transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(0) }],
    };
    const recoverable = { id: "removed-objects", noncurrentVersionExpiration: Duration.days(30) };
    this.originals = new PrivateBucket(this, "Originals", props, {
      logs: this.logs,
      versioned: kept,
      rules: kept ? [tiered, recoverable] : [tiered],
      cors: [
        {
          allowedMethods: [HttpMethods.POST, HttpMethods.PUT],
          // Without a name of its own the site's address is not known here; the signature is what lets an upload in.
          allowedOrigins: environment.domain
            ? [`https://${environment.domain}`, ...(environment.corsOrigins ?? [])]
            : ["*"],
          allowedHeaders: ["content-type", "content-md5", "x-amz-*"],
          exposedHeaders: ["ETag"],
          maxAge: 3000,
        },
      ],
    });
    this.variants = new PrivateBucket(this, "Variants", props, { logs: this.logs, rules: [tiered] });
    // The distribution is made later, in a stack that reads this one, so its own name can't be asked for here.
    this.variants.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("cloudfront.amazonaws.com")],
        actions: ["s3:GetObject"],
        resources: [this.variants.objects()],
        conditions: {
          StringEquals: { "aws:SourceAccount": this.account },
          ArnLike: {
            "aws:SourceArn": this.formatArn({
              service: "cloudfront",
              region: "",
              resource: "distribution",
              resourceName: "*",
            }),
          },
        },
      }),
    );

    const generateSecretString = { passwordLength: 64, excludePunctuation: true };
    this.signingSecret = new StoredSecret(this, "SigningSecret", {
      description: "Signs access tokens and keys the hashes of sign-in codes",
      generateSecretString,
      removalPolicy,
    });
    except(
      this.signingSecret,
      "SMG4",
      "A new one ends every access token at once; it is replaced by hand after a leak.",
    );
    this.originSecret = new StoredSecret(this, "OriginSecret", {
      description: "Shown by CloudFront to the API; rotated by the edge stack",
      generateSecretString,
      removalPolicy,
    });
    except(this.originSecret, "SMG4", "Its rotation is in the edge stack, beside the distribution that it changes.");

    // What a server of one's own machine is told of them: `cargo xtask serve --env`.
    new CfnOutput(this, "Region", { value: this.region });
    new CfnOutput(this, "TableName", { value: this.table.tableName });
    new CfnOutput(this, "OriginalsBucket", { value: this.originals.bucketName });
    new CfnOutput(this, "VariantsBucket", { value: this.variants.bucketName });
    new CfnOutput(this, "OriginSecretArn", { value: this.originSecret.arn });
  }
}

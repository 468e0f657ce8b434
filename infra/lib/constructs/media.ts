// Photos and videos: the subgraph that signs uploads, the maker of variants, and the conversion of videos.

import { RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnQueue } from "aws-cdk-lib/aws-mediaconvert";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { Alias } from "aws-cdk-lib/aws-lambda";
import { Duration } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { DataStack } from "../stacks/data.ts";
import type { WorkloadProps } from "../workload-stack.ts";
import { except } from "../checks.ts";
import { LIVE } from "./canary.ts";
import { Handler } from "./handler.ts";
import type { MediaKey } from "./media-key.ts";
import type { PrivateBucket } from "./private-bucket.ts";
import { UNNAMED_CONNECTIONS, type Sockets } from "./sockets.ts";
import { readable } from "./stored-secret.ts";
import { READ, WRITE, tableAccess } from "./table-access.ts";

export interface MediaProps extends WorkloadProps {
  data: DataStack;
  sockets: Sockets;
  key: MediaKey;
  common: Record<string, string>;
}

/** How the findings name all of a bucket's objects. */
const OBJECTS = /:s3:::.*\/\*$/;
/** Longest that the maker works at a time. */
const WORK = Duration.minutes(5);
/** How often it looks for work that nobody woke it for. */
const LOOK = Duration.minutes(5);

export class Media extends Construct {
  readonly subgraph: Handler;
  /** Makes variants: of what was uploaded, and of what is asked for and is not there. */
  readonly maker: Handler;
  readonly makerAlias: Alias;

  constructor(scope: Construct, id: string, props: MediaProps) {
    super(scope, id);
    const { data, environment, sockets, key, common } = props;
    const workload: WorkloadProps = props;
    const { originals, variants, table } = data;
    const variables = {
      ...common,
      SOCKETS: sockets.callbackUrl,
      ORIGINALS: originals.bucketName,
      VARIANTS: variants.bucketName,
    };
    const rows = tableAccess(table, {
      actions: [...READ, ...WRITE],
      keys: ["LIST#*", "USER#*", "WORK"],
      index: true,
    });
    // Without the right to list, S3 says of a file that is not there that it may not be read.
    const listable = (...buckets: PrivateBucket[]) =>
      new PolicyStatement({ actions: ["s3:ListBucket"], resources: buckets.map(({ bucketArn }) => bucketArn) });

    const conversion = props.settings.emulator ? undefined : this.#conversion(props);
    this.maker = new Handler(this, "Maker", {
      ...workload,
      // Pictures are decoded whole: 100 million pixels.
      memory: 2048,
      seconds: WORK.toSeconds(),
      variables: { ...variables, ORIGIN_SECRET: data.originSecret.arn, ...(conversion?.variables ?? {}) },
      may: [
        ...rows,
        new PolicyStatement({
          actions: ["s3:GetObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
          resources: [originals.objects()],
        }),
        new PolicyStatement({
          actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
          resources: [variants.objects()],
        }),
        listable(originals, variants),
        readable(data.originSecret),
        sockets.maySend(),
        ...(conversion?.may ?? []),
      ],
    });
    this.makerAlias = this.maker.function.addAlias(LIVE);
    // What waits in the table because it is due later, or because nobody could be woken for it.
    new Rule(this, "Working", {
      schedule: Schedule.rate(LOOK),
      targets: [new LambdaFunction(this.makerAlias, { event: RuleTargetInput.fromObject({}), retryAttempts: 0 })],
    });
    this.subgraph = new Handler(this, "Media", {
      ...workload,
      memory: 512,
      seconds: 20,
      variables: {
        ...variables,
        MAKER: this.makerAlias.functionArn,
        MEDIA_KEY: key.secret.arn,
        MEDIA_KEY_ID: key.id,
        // Without a name of its own the site's address is not known here; CloudFront knows this key for one site alone.
        MEDIA_ORIGIN: `https://${environment.domain ?? "*"}`,
      },
      may: [
        ...rows,
        // A signature lets through what its signer may do.
        new PolicyStatement({
          actions: ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
          resources: [originals.objects()],
        }),
        listable(originals),
        new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [this.makerAlias.functionArn] }),
        readable(key.secret),
        sockets.maySend(),
      ],
    });
    for (const handler of [this.subgraph, this.maker]) {
      except(handler, "IAM5", "Objects are named by list and by chance.", OBJECTS);
      except(handler, "IAM5", "Connections have no names before they are made.", UNNAMED_CONNECTIONS);
    }
  }

  #conversion({ data, environment }: MediaProps): { variables: Record<string, string>; may: PolicyStatement[] } {
    const queue = new CfnQueue(this, "Conversion", { name: `stack-${environment.name}` });
    queue.applyRemovalPolicy(RemovalPolicy.DESTROY);
    const role = new Role(this, "ConversionRole", { assumedBy: new ServicePrincipal("mediaconvert.amazonaws.com") });
    role.addToPolicy(new PolicyStatement({ actions: ["s3:GetObject"], resources: [data.originals.objects()] }));
    role.addToPolicy(new PolicyStatement({ actions: ["s3:PutObject"], resources: [data.variants.objects()] }));
    except(role, "IAM5", "Objects are named by list and by chance.", OBJECTS);
    return {
      variables: { CONVERSION: queue.attrArn, CONVERSION_ROLE: role.roleArn },
      may: [
        new PolicyStatement({ actions: ["mediaconvert:CreateJob"], resources: [queue.attrArn] }),
        new PolicyStatement({
          actions: ["iam:PassRole"],
          resources: [role.roleArn],
          conditions: { StringEquals: { "iam:PassedToService": "mediaconvert.amazonaws.com" } },
        }),
      ],
    };
  }
}

// Photos and videos: the subgraph that signs uploads, the maker of variants, and the conversion of videos.

import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnQueue } from "aws-cdk-lib/aws-mediaconvert";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { Alias } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { DataStack } from "../stacks/data.ts";
import type { WorkloadProps } from "../workload-stack.ts";
import { except } from "../checks.ts";
import { LIVE } from "./canary.ts";
import { DeadLetteredQueue } from "./dead-lettered-queue.ts";
import { Handler } from "./handler.ts";
import type { MediaKey } from "./media-key.ts";
import { listable } from "./private-bucket.ts";
import { UNNAMED_CONNECTIONS, type Sockets } from "./sockets.ts";
import { readable } from "./stored-secret.ts";
import { READ, WRITE, tableAccess } from "./table-access.ts";

export interface MediaProps extends WorkloadProps {
  data: DataStack;
  sockets: Sockets;
  key: MediaKey;
  common: Record<string, string>;
}

/** How the findings name all of a bucket's objects, and all jobs of MediaConvert's. */
export const OBJECTS = /:s3:::.*\/\*$/;
const JOBS = /:jobs\/\*$/;
/** What MediaConvert tells of a job; `STATUS_UPDATE` comes once a minute while it works. How far it is, the maker asks. */
const TOLD = ["PROGRESSING", "STATUS_UPDATE", "COMPLETE", "ERROR", "CANCELED"];
/** Longest that the maker works at a time. */
const WORK = Duration.minutes(5);
/** How often it looks for work that nobody woke it for. */
const LOOK = Duration.minutes(5);

export class Media extends Construct {
  readonly subgraph: Handler;
  /** Makes variants: of what was uploaded, and of what is asked for and is not there. */
  readonly maker: Handler;
  readonly makerAlias: Alias;
  /** What MediaConvert told of jobs and the maker could not be called for; where there is a MediaConvert. */
  readonly unheard?: DeadLetteredQueue;

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
    if (conversion) this.unheard = this.#hear(conversion.queue);
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

  /** A queue for jobs of this environment alone, and the role in which they are done. */
  #conversion({ data, environment }: MediaProps): {
    queue: CfnQueue;
    variables: Record<string, string>;
    may: PolicyStatement[];
  } {
    const stack = Stack.of(this);
    const queue = new CfnQueue(this, "Conversion", { name: `stack-${environment.name}` });
    queue.applyRemovalPolicy(RemovalPolicy.DESTROY);
    const role = new Role(this, "ConversionRole", {
      assumedBy: new ServicePrincipal("mediaconvert.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ["s3:GetObject"], resources: [data.originals.objects()] }));
    role.addToPolicy(new PolicyStatement({ actions: ["s3:PutObject"], resources: [data.variants.objects()] }));
    except(role, "IAM5", "Objects are named by list and by chance.", OBJECTS);
    const jobs = stack.formatArn({ service: "mediaconvert", resource: "jobs", resourceName: "*" });
    return {
      queue,
      variables: { CONVERSION: queue.attrArn, CONVERSION_ROLE: role.roleArn },
      may: [
        new PolicyStatement({ actions: ["mediaconvert:CreateJob"], resources: [queue.attrArn] }),
        new PolicyStatement({ actions: ["mediaconvert:GetJob", "mediaconvert:CancelJob"], resources: [jobs] }),
        // A look at a file is no resource; it is made with the maker's own right to read the file.
        new PolicyStatement({ actions: ["mediaconvert:Probe"], resources: ["*"] }),
        new PolicyStatement({
          actions: ["iam:PassRole"],
          resources: [role.roleArn],
          conditions: { StringEquals: { "iam:PassedToService": "mediaconvert.amazonaws.com" } },
        }),
      ],
    };
  }

  /** Has the maker called when something has happened to a job. */
  #hear(queue: CfnQueue): DeadLetteredQueue {
    const unheard = new DeadLetteredQueue(this, "Unheard", { retention: Duration.days(14) });
    new Rule(this, "Converted", {
      eventPattern: {
        source: ["aws.mediaconvert"],
        detailType: ["MediaConvert Job State Change"],
        detail: { queue: [queue.attrArn], status: TOLD },
      },
      targets: [new LambdaFunction(this.makerAlias, { deadLetterQueue: unheard.queue, retryAttempts: 3 })],
    });
    except(this.maker, "IAM5", "Jobs have no names before they are made.", JOBS);
    except(this.maker, "IAM5", "A look at a file names no resource.", /^Resource::\*$/);
    return unheard;
  }
}

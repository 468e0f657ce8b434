// The functions behind the gateway, each with what it needs of the table and of other services.

import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Duration } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { DataStack } from "../stacks/data.ts";
import type { MailStack } from "../stacks/mail.ts";
import type { WorkloadProps } from "../workload-stack.ts";
import { except } from "../checks.ts";
import { Handler } from "./handler.ts";
import { OBJECTS } from "./media.ts";
import { listable } from "./private-bucket.ts";
import { readable } from "./stored-secret.ts";
import { UNNAMED_CONNECTIONS, type Sockets } from "./sockets.ts";
import { READ, WRITE, tableAccess } from "./table-access.ts";

export interface SubgraphsProps extends WorkloadProps {
  data: DataStack;
  mail: MailStack;
  sockets: Sockets;
  common: Record<string, string>;
}

/** How often deleted lists and accounts, and stray files, are looked for. */
const CLEANING = Duration.minutes(5);

export class Subgraphs extends Construct {
  readonly account: Handler;
  readonly todo: Handler;
  /** Removes what was deleted, and files that no row knows. */
  readonly cleaner: Handler;

  constructor(scope: Construct, id: string, props: SubgraphsProps) {
    super(scope, id);
    const { data, mail, sockets, common } = props;
    const { originals, variants } = data;
    const workload: WorkloadProps = props;
    // Tests sign in with addresses that no mail reaches, and read the codes in the table.
    const keepsMail = props.environment.kind !== "production";
    const pokes = { SOCKETS: sockets.callbackUrl };

    this.account = new Handler(this, "Account", {
      ...workload,
      memory: 512,
      seconds: 20,
      variables: {
        ...common,
        ...pokes,
        SIGNING_SECRET: data.signingSecret.arn,
        ORIGIN_SECRET: data.originSecret.arn,
        MAIL_FROM: mail.from,
        MAIL_CONFIGURATION: mail.configurationSet.configurationSetName,
        ...(keepsMail ? { MAIL_KEPT: "true" } : {}),
      },
      may: [
        ...tableAccess(data.table, {
          actions: [...READ, ...WRITE],
          keys: ["EMAIL#*", "RATE#*", "USER#*", "PURGE", ...(keepsMail ? (["MAIL#*"] as const) : [])],
        }),
        readable(data.signingSecret, data.originSecret),
        mail.maySend(),
        sockets.maySend(),
      ],
    });
    this.todo = new Handler(this, "Todo", {
      ...workload,
      memory: 512,
      seconds: 20,
      variables: { ...common, ...pokes },
      may: [
        ...tableAccess(data.table, { actions: [...READ, ...WRITE], keys: ["LIST#*", "USER#*", "PURGE"], index: true }),
        sockets.maySend(),
      ],
    });
    this.cleaner = new Handler(this, "Cleaner", {
      ...workload,
      memory: 256,
      seconds: 240,
      variables: { ...common, ORIGINALS: originals.bucketName, VARIANTS: variants.bucketName },
      may: [
        ...tableAccess(data.table, { actions: [...READ, ...WRITE], keys: ["LIST#*", "USER#*", "PURGE", "WORK"] }),
        listable(originals, variants),
        new PolicyStatement({ actions: ["s3:ListBucketMultipartUploads"], resources: [originals.bucketArn] }),
        new PolicyStatement({
          actions: ["s3:GetObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
          resources: [originals.objects()],
        }),
        new PolicyStatement({ actions: ["s3:DeleteObject"], resources: [variants.objects()] }),
      ],
    });
    except(this.cleaner, "IAM5", "Objects are named by list and by chance.", OBJECTS);
    for (const handler of [this.account, this.todo]) {
      except(handler, "IAM5", "Connections have no names before they are made.", UNNAMED_CONNECTIONS);
    }
    new Rule(this, "Cleaning", {
      schedule: Schedule.rate(CLEANING),
      targets: [new LambdaFunction(this.cleaner.function, { event: RuleTargetInput.fromObject({}), retryAttempts: 0 })],
    });
  }
}

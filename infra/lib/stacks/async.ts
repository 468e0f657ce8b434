// Asynchronous work: notifications by queue, and what happened to the table by stream, pipe and bus.

import { Duration } from "aws-cdk-lib";
import { EventBus, Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { CfnPipe } from "aws-cdk-lib/aws-pipes";
import type { Construct } from "constructs";
import { except } from "../checks.ts";
import { DeadLetteredQueue } from "../constructs/dead-lettered-queue.ts";
import { Handler } from "../constructs/handler.ts";
import { READ, tableAccess } from "../constructs/table-access.ts";
import { WorkloadStack, type WorkloadProps } from "../workload-stack.ts";
import type { DataStack } from "./data.ts";
import type { MailStack } from "./mail.ts";

export interface AsyncProps extends WorkloadProps {
  data: DataStack;
  mail: MailStack;
}

/** What the events on the bus call themselves. */
const SOURCE = "stack.table";

export class AsyncStack extends WorkloadStack {
  /** Notifications to send. */
  readonly notifications: DeadLetteredQueue;
  readonly bus: EventBus;
  /** Events that the pipe could not pass on, or that a consumer could not handle. */
  readonly undelivered: DeadLetteredQueue;
  readonly handlers: Handler[] = [];

  constructor(scope: Construct, props: AsyncProps) {
    super(scope, "async", props);
    this.notifications = new DeadLetteredQueue(this, "Notifications");
    this.undelivered = new DeadLetteredQueue(this, "Undelivered", { retention: Duration.days(14) });
    this.bus = new EventBus(this, "Bus", { eventBusName: `stack-${props.environment.name}` });
    this.#pipe(props);
    if (props.settings.consumers) this.#consume(props);
  }

  /** The table's stream, onto the bus. */
  #pipe({ data, environment }: AsyncProps): void {
    const stream = data.table.tableStreamArn ?? "";
    const role = new Role(this, "PipeRole", { assumedBy: new ServicePrincipal("pipes.amazonaws.com") });
    const reads = ["DescribeStream", "GetRecords", "GetShardIterator"].map((action) => `dynamodb:${action}`);
    role.addToPolicy(new PolicyStatement({ actions: reads, resources: [stream] }));
    role.addToPolicy(new PolicyStatement({ actions: ["events:PutEvents"], resources: [this.bus.eventBusArn] }));
    role.addToPolicy(
      new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [this.undelivered.queue.queueArn] }),
    );
    const pipe = new CfnPipe(this, "Pipe", {
      name: `stack-${environment.name}`,
      roleArn: role.roleArn,
      source: stream,
      sourceParameters: {
        dynamoDbStreamParameters: {
          startingPosition: "LATEST",
          batchSize: 100,
          maximumBatchingWindowInSeconds: 1,
          maximumRecordAgeInSeconds: 3600,
          maximumRetryAttempts: 10,
          onPartialBatchItemFailure: "AUTOMATIC_BISECT",
          deadLetterConfig: { arn: this.undelivered.queue.queueArn },
        },
        // Heads move with every change to a list; todos, receipts and rate counters need not cross the bus.
        filterCriteria: {
          filters: [{ pattern: JSON.stringify({ dynamodb: { Keys: { sk: { S: ["HEAD", "PROFILE"] } } } }) }],
        },
      },
      target: this.bus.eventBusArn,
      targetParameters: { eventBridgeEventBusParameters: { source: SOURCE, detailType: "changed" } },
    });
    pipe.node.addDependency(role);
  }

  #consume({ data, mail, environment, settings }: AsyncProps): void {
    const workload = { environment, settings };
    const common = { TABLE: data.table.tableName };
    const notification = new Handler(this, "Notification", {
      ...workload,
      memory: 256,
      seconds: 30,
      variables: { ...common, MAIL_FROM: mail.from, MAIL_CONFIGURATION: mail.configurationSet.configurationSetName },
      may: [
        ...tableAccess(data.table, { actions: ["GetItem", "UpdateItem", "Query"], keys: ["USER#*"] }),
        mail.maySend(),
        this.#mayPush(),
      ],
    });
    except(
      notification,
      "IAM5",
      "Each device is an endpoint of its own, made when it asks for notifications.",
      /:endpoint\/\*$/,
    );
    notification.function.addEventSource(
      new SqsEventSource(this.notifications.queue, { reportBatchItemFailures: true }),
    );
    const analytics = new Handler(this, "Analytics", {
      ...workload,
      memory: 256,
      seconds: 30,
      variables: common,
      may: tableAccess(data.table, { actions: [READ[0], "UpdateItem"], keys: ["USER#*", "LIST#*"] }),
    });
    new Rule(this, "Changed", {
      eventBus: this.bus,
      eventPattern: { source: [SOURCE] },
      targets: [new LambdaFunction(analytics.function, { deadLetterQueue: this.undelivered.queue, retryAttempts: 3 })],
    });
    this.handlers.push(notification, analytics);
  }

  /** Push to phones: their endpoints belong to platform applications, which are made by hand with a maker's key. */
  #mayPush(): PolicyStatement {
    const endpoints = this.formatArn({ service: "sns", resource: "endpoint", resourceName: "*" });
    return new PolicyStatement({ actions: ["sns:Publish"], resources: [endpoints] });
  }
}

// A queue, and the one beside it for messages that nobody could handle.

import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** Times that a message is handed out before it is set aside. */
const TRIES = 5;

export interface DeadLetteredQueueProps {
  retention?: Duration;
}

export class DeadLetteredQueue extends Construct {
  readonly queue: Queue;
  readonly dead: Queue;

  constructor(scope: Construct, id: string, { retention }: DeadLetteredQueueProps = {}) {
    super(scope, id);
    const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
    this.dead = new Queue(this, "Dead", { ...common, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, "Queue", {
      ...common,
      retentionPeriod: retention ?? Duration.days(4),
      visibilityTimeout: Duration.minutes(3),
      deadLetterQueue: { queue: this.dead, maxReceiveCount: TRIES },
    });
  }
}

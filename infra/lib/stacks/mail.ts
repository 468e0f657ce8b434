// Mail to people: the identity it is sent as, and what comes back.

import { Duration } from "aws-cdk-lib";
import { CnameRecord, MxRecord, PublicHostedZone, TxtRecord, type IHostedZone } from "aws-cdk-lib/aws-route53";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from "aws-cdk-lib/aws-ses";
import { Topic } from "aws-cdk-lib/aws-sns";
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import { DeadLetteredQueue } from "../constructs/dead-lettered-queue.ts";
import { WorkloadStack, type WorkloadProps } from "../workload-stack.ts";

export interface MailProps extends WorkloadProps {
  /** The zone of the environment's domain; without it mail is sent as the address for alerts. */
  zone?: IHostedZone;
}

export class MailStack extends WorkloadStack {
  /** The sender's address. */
  readonly from: string;
  readonly configurationSet: ConfigurationSet;
  /** Bounces and complaints, for whoever is to act on them. */
  readonly feedback: DeadLetteredQueue;
  readonly #identity: EmailIdentity;
  readonly #emulated: boolean;

  constructor(scope: Construct, props: MailProps) {
    super(scope, "mail", props);
    const { environment, settings, zone } = props;
    this.#emulated = settings.emulator !== undefined;
    this.configurationSet = new ConfigurationSet(this, "Configuration", {
      // SES itself stops sending to addresses that bounced or complained.
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
    });
    const told = new Topic(this, "Feedback", { enforceSSL: true });
    this.configurationSet.addEventDestination("ToFeedback", {
      destination: EventDestination.snsTopic(told),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    });
    this.feedback = new DeadLetteredQueue(this, "FeedbackQueue", { retention: Duration.days(14) });
    told.addSubscription(new SqsSubscription(this.feedback.queue, { rawMessageDelivery: true }));

    const own =
      zone &&
      PublicHostedZone.fromPublicHostedZoneAttributes(this, "Zone", {
        hostedZoneId: zone.hostedZoneId,
        zoneName: zone.zoneName,
      });
    this.from = own ? `sign-in@${own.zoneName}` : environment.alerts;
    this.#identity = new EmailIdentity(this, "Identity", {
      identity: own ? Identity.domain(own.zoneName) : Identity.email(environment.alerts),
      configurationSet: this.configurationSet,
      ...(own ? { mailFromDomain: `mail.${own.zoneName}` } : {}),
    });
    if (own) this.#publish(own);
  }

  /** What lets a function send mail as this environment. */
  maySend(): PolicyStatement {
    const { emailIdentityArn } = this.#identity;
    const set = this.formatArn({
      service: "ses",
      resource: "configuration-set",
      resourceName: this.configurationSet.configurationSetName,
    });
    // An emulator knows no resources of mail, and no conditions.
    if (this.#emulated) return new PolicyStatement({ actions: ["ses:SendEmail"], resources: ["*"] });
    return new PolicyStatement({
      actions: ["ses:SendEmail"],
      resources: [emailIdentityArn, set],
      conditions: { StringEquals: { "ses:FromAddress": this.from } },
    });
  }

  /** Who may send as this domain, for the servers that receive: DKIM, SPF of the bounces' domain, DMARC. */
  #publish(zone: IHostedZone): void {
    for (const [index, { name, value }] of this.#identity.dkimRecords.entries()) {
      // Complete names; the full stop keeps the zone from being added.
      new CnameRecord(this, `Dkim${index + 1}`, { zone, recordName: `${name}.`, domainName: value });
    }
    new TxtRecord(this, "Spf", { zone, recordName: "mail", values: ["v=spf1 include:amazonses.com -all"] });
    new TxtRecord(this, "Dmarc", { zone, recordName: "_dmarc", values: ["v=DMARC1; p=reject; adkim=s; aspf=r"] });
    new MxRecord(this, "Bounces", {
      zone,
      recordName: "mail",
      values: [{ priority: 10, hostName: `feedback-smtp.${this.region}.amazonses.com` }],
    });
  }
}

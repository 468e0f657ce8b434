// One whole environment: every stack of the product, and the order in which they stand on each other.

import { Stage, Tags } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Environment } from "./environment.ts";
import type { Settings } from "./settings.ts";
import { ApiStack } from "./stacks/api.ts";
import { AsyncStack } from "./stacks/async.ts";
import { ConsoleStack } from "./stacks/console.ts";
import { DataStack } from "./stacks/data.ts";
import { DomainStack } from "./stacks/domain.ts";
import { EdgeStack } from "./stacks/edge.ts";
import { MailStack } from "./stacks/mail.ts";
import { MonitoringStack } from "./stacks/monitoring.ts";
import { PerimeterStack } from "./stacks/perimeter.ts";

export class Workload extends Stage {
  constructor(scope: Construct, environment: Environment, settings: Settings) {
    super(scope, `stack-${environment.name}`, { env: { account: environment.account, region: environment.region } });
    const props = { environment, settings };
    const named = this.#name(environment, settings);
    const data = new DataStack(this, props);
    const mail = new MailStack(this, { ...props, ...(named ? { zone: named.domain.zone } : {}) });
    const api = new ApiStack(this, { ...props, data, mail });
    const later = new AsyncStack(this, { ...props, data, mail });
    const edge = new EdgeStack(this, { ...props, data, api, ...(named ? { named } : {}) });
    if (!settings.emulator) new MonitoringStack(this, { ...props, data, mail, api, later, edge });
    if (settings.console && named) new ConsoleStack(this, { ...props, ...named, data, site: settings.console });

    Tags.of(this).add("application", "stack");
    Tags.of(this).add("environment", environment.name);
    Tags.of(this).add("kind", environment.kind);
    if (environment.tenant) Tags.of(this).add("tenant", environment.tenant);
  }

  #name(environment: Environment, settings: Settings): { domain: DomainStack; perimeter: PerimeterStack } | undefined {
    if (environment.domain === undefined) return undefined;
    const props = { environment, settings, domain: environment.domain };
    const domain = new DomainStack(this, props);
    return { domain, perimeter: new PerimeterStack(this, { ...props, zone: domain.zone }) };
  }
}

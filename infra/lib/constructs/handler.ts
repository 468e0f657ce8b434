// One function: its built program, a role of its own, its log, and its published version.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function, LoggingFormat, Runtime, SystemLogLevel, Tracing } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { isPassing, logDays } from "../environment.ts";
import type { WorkloadProps } from "../workload-stack.ts";
import { except } from "../checks.ts";

export interface HandlerProps extends WorkloadProps {
  /** Megabytes; the share of a processor grows with them. */
  memory: number;
  seconds: number;
  variables?: Record<string, string>;
  may: PolicyStatement[];
  /** The folder under `target/lambda`, where it is not the id in lower case. */
  program?: string;
  /** A Node program of this folder instead of a built one. */
  script?: string;
}

export class Handler extends Construct {
  readonly function: Function;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: HandlerProps) {
    super(scope, id);
    const { environment, settings, memory, seconds, variables = {}, may } = props;
    this.logGroup = new LogGroup(this, "Log", {
      retention: logDays(environment),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    this.logGroup.grantWrite(role);
    for (const statement of may) role.addToPrincipalPolicy(statement);
    const program = props.script
      ? { runtime: Runtime.NODEJS_24_X, handler: "index.handler", code: Code.fromAsset(join(SCRIPTS, props.script)) }
      : {
          runtime: Runtime.PROVIDED_AL2023,
          handler: "bootstrap",
          code: built(settings.lambdas, props.program ?? id.toLowerCase()),
        };
    this.function = new Function(this, "Function", {
      ...program,
      role,
      architecture: props.script || settings.arch === "arm64" ? Architecture.ARM_64 : Architecture.X86_64,
      memorySize: memory,
      timeout: Duration.seconds(seconds),
      environment: {
        // On an emulator each call also says what it consumed (`server/lambda/src/usage.rs`).
        RUST_LOG: settings.emulator ? "info,usage=debug" : "info",
        STACK_ENVIRONMENT: environment.name,
        ...variables,
      },
      tracing: Tracing.ACTIVE,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      // Start, end and report lines of each call are most of a quiet function's log.
      systemLogLevelV2: SystemLogLevel.WARN,
      // Older versions stay callable by whoever is pinned to them, until a roll-back can't want them any more.
      currentVersionOptions: { removalPolicy: isPassing(environment) ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN },
    });
    except(role, "IAM5", "X-Ray's trace segments and sampling rules have no resource to name.", /^Resource::\*$/);
  }

  /** The version of what is deployed now, for callers that are pinned to it. */
  get pinned(): string {
    return this.function.currentVersion.functionArn;
  }

  /** May call any version of it, but not whatever happens to be the newest. */
  callable(): PolicyStatement {
    return new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [`${this.function.functionArn}:*`] });
  }
}

const SCRIPTS = join(import.meta.dirname, "../../functions");

function built(folder: string, name: string): Code {
  const zip = join(folder, name, "bootstrap.zip");
  if (!existsSync(zip)) {
    throw new Error(
      `there is no ${zip}: run \`cargo xtask package${name === "gateway-apollo" ? " --gateway apollo" : ""}\`, or say where the built functions are with -c lambdas=FOLDER`,
    );
  }
  return Code.fromAsset(zip);
}

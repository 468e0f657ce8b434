// What answers: the API's front doors, the gateway, and the functions behind it.

import { CfnOutput } from "aws-cdk-lib";
import { LambdaApplication } from "aws-cdk-lib/aws-codedeploy";
import type { Construct } from "constructs";
import { except } from "../checks.ts";
import { Canary, LIVE } from "../constructs/canary.ts";
import { FrontDoor } from "../constructs/front-door.ts";
import { Handler } from "../constructs/handler.ts";
import { Media } from "../constructs/media.ts";
import { MediaKey } from "../constructs/media-key.ts";
import { Sockets, UNNAMED_CONNECTIONS } from "../constructs/sockets.ts";
import { readable } from "../constructs/stored-secret.ts";
import { Subgraphs } from "../constructs/subgraphs.ts";
import { READ, tableAccess } from "../constructs/table-access.ts";
import { WorkloadStack, type WorkloadProps } from "../workload-stack.ts";
import type { DataStack } from "./data.ts";
import type { MailStack } from "./mail.ts";

export interface ApiProps extends WorkloadProps {
  data: DataStack;
  mail: MailStack;
}

export class ApiStack extends WorkloadStack {
  readonly door: FrontDoor;
  readonly sockets: Sockets;
  readonly media: Media;
  readonly mediaKey: MediaKey;
  /** Every function, for alarms and the dashboard. */
  readonly handlers: Handler[];

  constructor(scope: Construct, props: ApiProps) {
    super(scope, "api", props);
    const { environment, settings, data } = props;
    const workload = { environment, settings };
    const common = { TABLE: data.table.tableName };

    this.sockets = new Sockets(this, "Sockets", workload);
    const subgraphs = new Subgraphs(this, "Subgraphs", { ...props, sockets: this.sockets, common });
    this.mediaKey = new MediaKey(this, "MediaKey", workload);
    this.media = new Media(this, "Media", { ...workload, data, sockets: this.sockets, key: this.mediaKey, common });

    const socket = new Handler(this, "Socket", {
      ...workload,
      memory: 256,
      seconds: 10,
      variables: {
        ...common,
        SOCKETS: this.sockets.callbackUrl,
        SIGNING_SECRET: data.signingSecret.arn,
        ORIGIN_SECRET: data.originSecret.arn,
      },
      may: [
        ...tableAccess(data.table, {
          actions: ["GetItem", "PutItem", "DeleteItem", "ConditionCheckItem"],
          keys: ["USER#*", "SOCKET#*"],
        }),
        readable(data.signingSecret, data.originSecret),
        this.sockets.maySend(),
      ],
    });
    this.sockets.serve(socket.function);
    except(socket, "IAM5", "Connections have no names before they are made.", UNNAMED_CONNECTIONS);

    const authorizer = new Handler(this, "Authorizer", {
      ...workload,
      memory: 256,
      seconds: 5,
      variables: {
        ...common,
        SIGNING_SECRET: data.signingSecret.arn,
        ORIGIN_SECRET: data.originSecret.arn,
      },
      may: [
        ...tableAccess(data.table, { actions: [READ[0]], keys: ["USER#*"] }),
        readable(data.signingSecret, data.originSecret),
      ],
    });
    const pinned = [subgraphs.account, subgraphs.todo, this.media.subgraph];
    const apollo = (settings.gateway ?? environment.gateway) === "apollo";
    const gateway = new Handler(this, "Gateway", {
      ...workload,
      program: apollo ? "gateway-apollo" : "gateway",
      memory: apollo ? 1024 : 512,
      seconds: 28,
      // A version of the gateway only ever calls the versions of subgraphs that it was deployed with.
      variables: Object.fromEntries(
        pinned.map((subgraph) => [`SUBGRAPH_${subgraph.node.id.toUpperCase()}`, subgraph.pinned]),
      ),
      may: pinned.map((subgraph) => subgraph.callable()),
    });
    except(
      gateway,
      "IAM5",
      "While one version of it takes over from another, each calls the subgraphs' versions that it is pinned to.",
      /\.Arn>:\*$/,
    );

    const shifted = settings.emulator ? {} : { application: new LambdaApplication(this, "Deployments") };
    const canary = (id: string, handler: Handler, p99: number, answersFaults = false) =>
      new Canary(this, id, { environment, handler, p99, answersFaults, ...shifted }).alias;
    this.door = new FrontDoor(this, "Door", {
      environment,
      authorizer: canary("AuthorizerCanary", authorizer, 1000),
      gateway: canary("GatewayCanary", gateway, 3000, true),
      account: subgraphs.account.function.addAlias(LIVE),
      maker: this.media.makerAlias,
    });
    this.handlers = [authorizer, gateway, subgraphs.account, subgraphs.todo, subgraphs.cleaner, socket];
    this.handlers.push(this.media.subgraph, this.media.maker);

    new CfnOutput(this, "ApiUrl", { value: this.door.api.apiEndpoint });
    new CfnOutput(this, "SocketUrl", { value: this.sockets.stage.url });
  }
}

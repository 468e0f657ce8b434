// The API: who is let in, what is pinned, and how a new version takes over.

import assert from "node:assert/strict";
import { test } from "node:test";
import { find, list, only, present, statements, whole } from "./support.ts";

const API = "stack-production-api";
const { templates } = whole;

test("the graph is for those whom the authorizer knows; its word holds for a minute", () => {
  const authorizer = only(templates, API, "AWS::ApiGatewayV2::Authorizer");
  assert.equal(authorizer.Properties.AuthorizerResultTtlInSeconds, 60);
  assert.equal(authorizer.Properties.EnableSimpleResponses, true);
  assert.deepEqual(authorizer.Properties.IdentitySource, [
    "$request.header.Authorization",
    "$request.header.x-origin-verify",
  ]);
  const routes = new Map(
    find(templates, API, "AWS::ApiGatewayV2::Route").map(({ Properties }) => [
      Properties.RouteKey,
      Properties.AuthorizationType,
    ]),
  );
  assert.deepEqual(Object.fromEntries(routes), {
    "POST /graphql": "CUSTOM",
    "POST /auth/{action}": "NONE",
    "GET /healthz": "NONE",
    "GET /media/{proxy+}": "NONE",
    $connect: "NONE",
    $default: "NONE",
    $disconnect: "NONE",
  });
});

test("every stage has throttles and a log of calls without personal data", () => {
  const stages = find(templates, API, "AWS::ApiGatewayV2::Stage");
  assert.deepEqual(stages.map(({ Properties }) => Properties.StageName).sort(), ["$default", "ws"]);
  for (const { Properties } of stages) {
    assert.ok(Properties.DefaultRouteSettings.ThrottlingRateLimit > 0);
    assert.ok(Properties.AccessLogSettings.DestinationArn);
    assert.doesNotMatch(Properties.AccessLogSettings.Format, /sourceIp|userAgent|authorizer\.(?!error)|path|header/i);
  }
  const http = stages.find(({ Properties }) => Properties.StageName === "$default");
  assert.equal(http?.Properties.RouteSettings["POST /auth/{action}"].ThrottlingRateLimit, 50);
});

test("a version of the gateway calls the versions of subgraphs that it came with, and those stay", () => {
  const { Properties } = only(templates, API, "AWS::Lambda::Function", ({ id }) => id.startsWith("Gateway"));
  const variables: Record<string, any> = Properties.Environment.Variables;
  const pinned = Object.entries(variables).filter(([name]) => name.startsWith("SUBGRAPH_"));
  assert.deepEqual(pinned.map(([name]) => name).sort(), ["SUBGRAPH_ACCOUNT", "SUBGRAPH_MEDIA", "SUBGRAPH_TODO"]);
  for (const [name, { Ref }] of pinned) {
    const version = only(templates, API, "AWS::Lambda::Version", ({ id }) => id === Ref);
    assert.equal(version.DeletionPolicy, "Retain", name);
  }
});

test("the gateway invokes its subgraphs' versions and nothing else", () => {
  const allowed = statements(templates, API).filter(({ from }) => from.includes("/GatewayRole"));
  const invoked = allowed.flatMap(({ statement }) =>
    statement.Action === "lambda:InvokeFunction" ? [statement.Resource].flat() : [],
  );
  assert.equal(invoked.length, 3);
  for (const resource of invoked) assert.equal(resource["Fn::Join"][1].at(-1), ":*");
  const actions = new Set(allowed.flatMap(({ statement }) => [statement.Action].flat()));
  assert.deepEqual([...actions].sort(), [
    "lambda:InvokeFunction",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
  ]);
});

test("media wakes the maker by its alias, which also looks by itself", () => {
  const maker = only(templates, API, "AWS::Lambda::Alias", ({ id }) => id.startsWith("MediaMaker"));
  const { Properties } = only(templates, API, "AWS::Lambda::Function", ({ id }) => id.startsWith("MediaFunction"));
  assert.deepEqual(Properties.Environment.Variables.MAKER, { Ref: maker.id });
  const looks = find(templates, API, "AWS::Events::Rule").filter(
    ({ Properties: { Targets, ScheduleExpression } }) => Targets[0].Arn.Ref === maker.id && ScheduleExpression,
  );
  assert.equal(looks.length, 1);
});

test("what happens to a job of this environment's queue is told to the maker, or set aside", () => {
  const maker = only(templates, API, "AWS::Lambda::Alias", ({ id }) => id.startsWith("MediaMaker"));
  const queue = only(templates, API, "AWS::MediaConvert::Queue");
  const { Properties } = only(templates, API, "AWS::Events::Rule", ({ Properties }) => Properties.EventPattern);
  assert.deepEqual(Properties.EventPattern, {
    source: ["aws.mediaconvert"],
    "detail-type": ["MediaConvert Job State Change"],
    detail: {
      queue: [{ "Fn::GetAtt": [queue.id, "Arn"] }],
      status: ["PROGRESSING", "STATUS_UPDATE", "COMPLETE", "ERROR", "CANCELED"],
    },
  });
  const [target] = Properties.Targets;
  assert.deepEqual(target.Arn, { Ref: maker.id });
  const unheard = only(templates, API, "AWS::SQS::Queue", ({ id }) => /UnheardQueue/.test(id));
  assert.deepEqual(target.DeadLetterConfig.Arn, { "Fn::GetAtt": [unheard.id, "Arn"] });
});

test("the maker orders jobs in one queue, as a role that reads originals and writes variants", () => {
  const of = (part: string) => statements(templates, API).filter(({ from }) => from.includes(part));
  const allowed = (part: string, action: string) =>
    of(part).filter(({ statement }) => list(statement.Action).includes(action));
  const queue = only(templates, API, "AWS::MediaConvert::Queue");
  const role = only(templates, API, "AWS::IAM::Role", ({ id }) => id.startsWith("MediaConversionRole"));
  const [order] = allowed("/MediaMakerRole", "mediaconvert:CreateJob");
  assert.deepEqual(order?.statement.Resource, { "Fn::GetAtt": [queue.id, "Arn"] });
  const [pass] = allowed("/MediaMakerRole", "iam:PassRole");
  assert.deepEqual(pass?.statement.Resource, { "Fn::GetAtt": [role.id, "Arn"] });
  assert.deepEqual(pass?.statement.Condition, {
    StringEquals: { "iam:PassedToService": "mediaconvert.amazonaws.com" },
  });
  const [trust] = role.Properties.AssumeRolePolicyDocument.Statement;
  assert.deepEqual(trust.Principal, { Service: "mediaconvert.amazonaws.com" });
  assert.deepEqual(trust.Condition, { StringEquals: { "aws:SourceAccount": "000000000002" } });
  const actions = of("/MediaConversionRole").flatMap(({ statement }) => list(statement.Action));
  assert.deepEqual(actions.filter((action) => action !== "sts:AssumeRole").sort(), ["s3:GetObject", "s3:PutObject"]);
  const maker = only(templates, API, "AWS::Lambda::Function", ({ id }) => id.startsWith("MediaMaker"));
  const { CONVERSION, CONVERSION_ROLE } = maker.Properties.Environment.Variables;
  assert.deepEqual(CONVERSION, { "Fn::GetAtt": [queue.id, "Arn"] });
  assert.deepEqual(CONVERSION_ROLE, { "Fn::GetAtt": [role.id, "Arn"] });
});

test("the cleaner lists and removes files, reads no variants and writes nothing", () => {
  const of = statements(templates, API).filter(({ from }) => from.includes("/SubgraphsCleanerRole"));
  const actions = new Set(of.flatMap(({ statement }) => list(statement.Action)));
  assert.deepEqual([...actions].filter((action) => action.startsWith("s3:")).sort(), [
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
  ]);
  const reads = of.filter(({ statement }) => list(statement.Action).includes("s3:GetObject"));
  assert.equal(reads.length, 1);
  const read = JSON.stringify(reads[0]?.statement.Resource);
  assert.ok(/Originals/.test(read) && !/Variants/.test(read), read);
  const cleaner = only(templates, API, "AWS::Lambda::Function", ({ id }) => id.startsWith("SubgraphsCleaner"));
  const { ORIGINALS, VARIANTS } = cleaner.Properties.Environment.Variables;
  assert.ok(ORIGINALS && VARIANTS);
});

test("a new gateway or authorizer takes over bit by bit, and goes back when an alarm goes off", () => {
  const groups = find(templates, API, "AWS::CodeDeploy::DeploymentGroup");
  assert.equal(groups.length, 2);
  for (const { id, Properties } of groups) {
    assert.equal(Properties.DeploymentConfigName, "CodeDeployDefault.LambdaCanary10Percent5Minutes");
    assert.deepEqual(Properties.AutoRollbackConfiguration, {
      Enabled: true,
      Events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST", "DEPLOYMENT_STOP_ON_ALARM"],
    });
    assert.equal(Properties.AlarmConfiguration.Alarms.length, id.startsWith("Gateway") ? 3 : 2, id);
  }
  const moved = find(templates, API, "AWS::Lambda::Alias").filter(({ id }) => id.includes("Canary"));
  assert.equal(moved.length, 2);
  for (const { id, UpdatePolicy } of moved) assert.ok(UpdatePolicy?.CodeDeployLambdaAliasUpdate, id);
});

test("functions are built programs on Arm, traced, each with a version", () => {
  const functions = find(templates, API, "AWS::Lambda::Function").filter(
    ({ Properties }) => Properties.Runtime === "provided.al2023",
  );
  assert.equal(functions.length, 8);
  for (const { id, Properties } of functions) {
    assert.deepEqual(Properties.Architectures, ["arm64"], id);
    assert.deepEqual(Properties.TracingConfig, { Mode: "Active" }, id);
    assert.ok(Properties.Timeout <= 300, id);
  }
});

test("for an emulator is left out what it does not know", () => {
  for (const type of [
    "AWS::MediaConvert::Queue",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::Budgets::Budget",
    "AWS::SecretsManager::RotationSchedule",
    "AWS::CloudFront::KeyGroup",
    "AWS::CloudFront::PublicKey",
  ]) {
    assert.deepEqual(find(present.templates, /./, type), [], type);
  }
  const maker = only(present.templates, "stack-developer-api", "AWS::Lambda::Function", ({ id }) =>
    id.startsWith("MediaMaker"),
  );
  assert.equal(maker.Properties.Environment.Variables.CONVERSION, undefined, "videos play as they are there");
});

test("the pipe passes the stream on, and sets aside what it can't", () => {
  const { Properties } = only(templates, "stack-production-async", "AWS::Pipes::Pipe");
  const source = Properties.SourceParameters.DynamoDBStreamParameters;
  assert.ok(source.DeadLetterConfig.Arn);
  assert.equal(source.OnPartialBatchItemFailure, "AUTOMATIC_BISECT");
});

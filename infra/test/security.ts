// What must hold of every template, whatever is in it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { find, list, previewed, present, statements, whole } from "./support.ts";

const ALL = /./;
const all = [whole, previewed, present];
/** An emulator has no TLS and no conditions of mail. */
const onAws = [whole, previewed];

test("every rule holds, or has an exception that is needed", () => {
  for (const { violations } of all) assert.deepEqual(violations, []);
});

test("no bucket is open, unencrypted or without TLS", () => {
  for (const { templates } of onAws) {
    const buckets = find(templates, ALL, "AWS::S3::Bucket");
    assert.ok(buckets.length >= 3);
    for (const { id, stack, Properties } of buckets) {
      const closed = Properties.PublicAccessBlockConfiguration ?? {};
      for (const way of ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"]) {
        assert.equal(closed[way], true, `${stack}/${id} ${way}`);
      }
      assert.ok(Properties.BucketEncryption, `${stack}/${id}`);
      const policies = find(templates, stack, "AWS::S3::BucketPolicy").filter(
        ({ Properties: { Bucket } }) => Bucket.Ref === id,
      );
      const [policy] = policies.flatMap(({ Properties: { PolicyDocument } }) => PolicyDocument.Statement);
      assert.deepEqual(
        [policy.Effect, policy.Condition],
        ["Deny", { Bool: { "aws:SecureTransport": "false" } }],
        `${stack}/${id}`,
      );
    }
  }
});

test("no function has an address of its own, or a role that another has", () => {
  for (const { templates } of all) {
    assert.deepEqual(find(templates, ALL, "AWS::Lambda::Url"), []);
    const functions = find(templates, ALL, "AWS::Lambda::Function");
    const roles = functions.map(({ stack, Properties: { Role } }) => `${stack} ${Role["Fn::GetAtt"][0]}`);
    assert.equal(new Set(roles).size, functions.length);
  }
});

test("nothing may do everything, or anything to everything", () => {
  const unnamed = new Set<string>();
  for (const { templates } of onAws) {
    for (const { from, statement } of statements(templates, /^stack-(?!governance-)/)) {
      for (const action of list(statement.Action)) {
        // CDK's own upload of the console's files is the one that names actions by a pattern.
        if (/BucketDeployment/.test(from)) continue;
        assert.ok(!action.includes("*"), `${from} may ${action}`);
        if (list(statement.Resource).includes("*")) unnamed.add(action);
      }
    }
  }
  const expected = ["mediaconvert:Probe", "xray:PutTelemetryRecords", "xray:PutTraceSegments"];
  assert.deepEqual([...unnamed].sort(), expected);
});

test("a function reaches only partitions of the table that it has to do with", () => {
  const seen = new Map<string, string[]>();
  for (const { from, statement } of statements(whole.templates, /^stack-production-/)) {
    const actions = list(statement.Action).filter((action) => action.startsWith("dynamodb:"));
    if (actions.length === 0 || actions.every((action) => /Stream|Shard|GetRecords/.test(action))) continue;
    const keys = statement.Condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"];
    assert.ok(Array.isArray(keys) && keys.length > 0, `${from} has no leading keys`);
    assert.ok(!actions.some((action) => /Scan|Table$|\*/.test(action)), `${from} may ${actions}`);
    seen.set(from, keys);
  }
  const of = (part: string) => [...seen].find(([from]) => from.includes(part))?.[1]?.sort();
  assert.deepEqual(of("Authorizer"), ["USER#*"]);
  assert.deepEqual(of("SubgraphsAccount"), ["EMAIL#*", "PURGE", "RATE#*", "USER#*"]);
  assert.deepEqual(of("SubgraphsTodo"), ["LIST#*", "PURGE", "USER#*"]);
  assert.deepEqual(of("SubgraphsCleaner"), ["LIST#*", "PURGE", "USER#*", "WORK"]);
  for (const part of ["MediaMakerRole", "MediaRole"]) assert.deepEqual(of(part), ["LIST#*", "USER#*", "WORK"], part);
  assert.deepEqual(of("Socket"), ["SOCKET#*", "USER#*"]);
  assert.equal(of("GatewayRole"), undefined, "the gateway has no part in the table");
});

test("every log ends some day", () => {
  for (const { templates } of all) {
    for (const { stack, id, Properties } of find(templates, ALL, "AWS::Logs::LogGroup"))
      assert.ok(Properties.RetentionInDays, `${stack}/${id}`);
    for (const { stack, id, Properties } of find(templates, ALL, "AWS::Lambda::Function")) {
      if (!/Custom/.test(id)) assert.ok(Properties.LoggingConfig?.LogGroup, `${stack}/${id}`);
    }
  }
});

test("queues are encrypted, and every one has somewhere for what nobody could handle", () => {
  const queues = find(whole.templates, ALL, "AWS::SQS::Queue");
  for (const { stack, id, Properties } of queues) {
    assert.equal(Properties.SqsManagedSseEnabled, true, `${stack}/${id}`);
    if (!/Dead/.test(id)) assert.equal(Properties.RedrivePolicy.maxReceiveCount, 5, `${stack}/${id}`);
  }
});

test("no secret is in a template", () => {
  for (const { templates } of all) {
    for (const [stack, resources] of templates) {
      assert.doesNotMatch(JSON.stringify(resources), /BEGIN (RSA |EC )?PRIVATE KEY|"SecretString":/, stack);
    }
  }
});

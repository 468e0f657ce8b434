// What stands around the environments.

import assert from "node:assert/strict";
import { test } from "node:test";
import { find, only, statements, whole } from "./support.ts";

const { templates } = whole;
const stack = (name: string) => `stack-governance-${name}`;

test("every account of the outline is made, in its unit, and never closed from here", () => {
  const accounts = find(templates, stack("organization"), "AWS::Organizations::Account");
  const names = accounts.map(({ Properties }) => Properties.AccountName).sort();
  assert.deepEqual(
    names,
    ["developer", "integration", "logs", "monitoring", "production", "singleTenant"].map((name) => `stack-${name}`),
  );
  for (const { id, DeletionPolicy } of accounts) assert.equal(DeletionPolicy, "Retain", id);
});

test("guard rails hold for all accounts", () => {
  const policies = find(templates, stack("organization"), "AWS::Organizations::Policy");
  const documents = new Map(policies.map(({ Properties }) => [Properties.Name, Properties.Content]));
  for (const { Properties } of policies) assert.match(JSON.stringify(Properties.TargetIds), /RootId/);
  const statement = (name: string, sid: string) => documents.get(name).Statement.find(({ Sid }: any) => Sid === sid);
  assert.deepEqual(statement("stack-regions", "Regions").Condition.StringNotEquals["aws:RequestedRegion"], [
    "eu-west-1",
    "us-east-1",
  ]);
  assert.deepEqual(statement("stack-stay", "Leave").Action, ["organizations:LeaveOrganization"]);
  assert.ok(statement("stack-trail", "Trail").Action.includes("cloudtrail:StopLogging"));
  assert.ok(statement("stack-no-public-data", "FunctionUrls"));
  assert.equal(
    documents.get("stack-closed-buckets").s3_attributes.public_access_block_configuration["@@assign"],
    "all",
  );
  // The most that Organizations takes.
  for (const [name, document] of documents) assert.ok(JSON.stringify(document).length <= 5_120, name);
});

test("the trail covers everything, and its archive can't be changed", () => {
  const { Properties: trail } = only(templates, stack("trail"), "AWS::CloudTrail::Trail");
  assert.deepEqual(
    [trail.IsOrganizationTrail, trail.IsMultiRegionTrail, trail.EnableLogFileValidation, trail.IsLogging],
    [true, true, true, true],
  );
  const { Properties: archive } = only(templates, stack("log-archive"), "AWS::S3::Bucket");
  assert.equal(archive.BucketName, trail.S3BucketName);
  assert.equal(archive.ObjectLockConfiguration.Rule.DefaultRetention.Days, 400);
});

test("the landing zone finds its roles, and makes no second trail", () => {
  const roles = find(templates, stack("landing-zone"), "AWS::IAM::Role").map(({ Properties }) => Properties.RoleName);
  assert.equal(roles.length, 4);
  const zone = only(templates, stack("landing-zone"), "AWS::ControlTower::LandingZone");
  assert.equal(zone.DependsOn?.length, find(templates, stack("landing-zone"), "AWS::IAM::Policy").length + 4);
  assert.equal(zone.Properties.Manifest.centralizedLogging.enabled, false);
});

test("money that goes is told: the whole, each account, and what is unusual", () => {
  const budgets = find(templates, stack("costs"), "AWS::Budgets::Budget");
  assert.equal(budgets.length, 5);
  assert.equal(find(templates, stack("costs"), "AWS::CE::AnomalySubscription").length, 1);
});

test("only this repository's named environments may deploy", () => {
  const roles = find(templates, /^stack-governance-delivery-/, "AWS::IAM::Role");
  assert.equal(roles.length, 3);
  for (const { Properties } of roles) {
    const { StringEquals } = Properties.AssumeRolePolicyDocument.Statement[0].Condition;
    const subjects = [StringEquals["token.actions.githubusercontent.com:sub"]].flat();
    for (const subject of subjects) assert.match(subject, /^repo:example\/stack:environment:[a-z-]+$/);
  }
  const production = statements(templates, stack("delivery-production"));
  assert.ok(production.every(({ statement }) => !JSON.stringify(statement.Action).includes("*")));
});

test("the observatory takes metrics and traces, and no logs", () => {
  const { Policy } = only(templates, stack("observatory"), "AWS::Oam::Sink").Properties;
  const types = Policy.Statement[0].Condition["ForAllValues:StringEquals"]["oam:ResourceTypes"];
  assert.deepEqual(types, ["AWS::CloudWatch::Metric", "AWS::XRay::Trace"]);
});

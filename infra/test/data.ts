// The table and the buckets: as the server's code has them, and safe.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { find, only, previewed, whole } from "./support.ts";

const DATA = "stack-production-data";
const code = (file: string) => readFileSync(join(import.meta.dirname, "../../server/platform/src", file), "utf8");

test("the table is the one that the server makes for itself elsewhere", () => {
  const { Properties } = only(whole.templates, DATA, "AWS::DynamoDB::Table");
  const constant = (file: string, name: string) => new RegExp(`const ${name}: &str = "([^"]+)"`).exec(code(file))?.[1];
  const [pk, sk] = ["PK", "SK"].map((name) => constant("key.rs", name));
  const [index, version, ttl] = ["BY_VERSION", "VERSION", "TTL"].map((name) => constant("table.rs", name));
  const key = (range?: string) => [
    { AttributeName: pk, KeyType: "HASH" },
    { AttributeName: range, KeyType: "RANGE" },
  ];
  assert.deepEqual(Properties.KeySchema, key(sk));
  assert.deepEqual(Properties.LocalSecondaryIndexes, [
    { IndexName: index, KeySchema: key(version), Projection: { ProjectionType: "ALL" } },
  ]);
  const types = Object.fromEntries(
    Properties.AttributeDefinitions.map(({ AttributeName, AttributeType }: any) => [AttributeName, AttributeType]),
  );
  assert.deepEqual(types, { [pk ?? ""]: "S", [sk ?? ""]: "S", [version ?? ""]: "N" });
  assert.deepEqual(Properties.TimeToLiveSpecification, { AttributeName: ttl, Enabled: true });
  assert.equal(Properties.BillingMode, "PAY_PER_REQUEST");
});

test("the table's history can be gone back to, and it is hard to lose", () => {
  const { Properties, DeletionPolicy } = only(whole.templates, DATA, "AWS::DynamoDB::Table");
  assert.equal(Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled, true);
  assert.equal(Properties.DeletionProtectionEnabled, true);
  assert.equal(DeletionPolicy, "Retain");
  assert.deepEqual(Properties.StreamSpecification, { StreamViewType: "NEW_AND_OLD_IMAGES" });
});

test("policies name the partitions as the server spells them", () => {
  const spelled = code("key.rs");
  for (const prefix of ["EMAIL#", "MAIL#", "RATE#", "USER#", "LIST#", "SOCKET#"])
    assert.ok(spelled.includes(`"${prefix}{`), prefix);
  for (const partition of ["PURGE", "WORK"]) assert.ok(spelled.includes(`"${partition}"`), partition);
});

test("large objects move to cheaper storage, and parts of broken uploads go", () => {
  for (const name of ["Originals", "Variants"]) {
    const { Properties } = only(whole.templates, DATA, "AWS::S3::Bucket", ({ id }) => id.startsWith(name));
    const rules: any[] = Properties.LifecycleConfiguration.Rules;
    assert.ok(
      rules.some(({ AbortIncompleteMultipartUpload: abort }) => abort?.DaysAfterInitiation === 7),
      name,
    );
    const tiered = rules.find(({ ObjectSizeGreaterThan: size }) => size === 1_048_576);
    assert.deepEqual(tiered.Transitions, [{ StorageClass: "INTELLIGENT_TIERING", TransitionInDays: 0 }], name);
  }
});

test("uploads come from the site alone where the site has a name", () => {
  const { Properties } = only(whole.templates, DATA, "AWS::S3::Bucket", ({ id }) => id.startsWith("Originals"));
  assert.deepEqual(Properties.CorsConfiguration.CorsRules[0].AllowedOrigins, ["https://stack.example"]);
});

test("CloudFront of this account alone reads variants", () => {
  const policies = find(whole.templates, DATA, "AWS::S3::BucketPolicy").filter(({ id }) => id.startsWith("Variants"));
  const statement = policies[0]?.Properties.PolicyDocument.Statement.find(({ Effect }: any) => Effect === "Allow");
  assert.deepEqual(statement.Principal, { Service: "cloudfront.amazonaws.com" });
  assert.equal(statement.Action, "s3:GetObject");
  assert.equal(statement.Condition.StringEquals["aws:SourceAccount"], "000000000002");
});

test("nothing of a preview stays when it is destroyed", () => {
  for (const [stack, resources] of previewed.templates) {
    for (const [id, { Type, DeletionPolicy }] of Object.entries(resources))
      assert.notEqual(DeletionPolicy, "Retain", `${stack}/${id} ${Type}`);
  }
  assert.equal(
    only(previewed.templates, "stack-pr-7-data", "AWS::DynamoDB::Table").Properties.DeletionProtectionEnabled,
    false,
  );
  const emptied = find(previewed.templates, /./, "Custom::S3AutoDeleteObjects").length;
  assert.equal(emptied, find(previewed.templates, /./, "AWS::S3::Bucket").length);
});

// Environments: which there are, how they differ, and what a wrong word says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assemble } from "../lib/assemble.ts";
import { app, find, only, previewed, whole } from "./support.ts";

test("each environment is made of the same stacks", () => {
  const stacks = (name: string) =>
    [...whole.templates.keys()]
      .filter((stack) => stack.startsWith(`stack-${name}-`))
      .map((stack) => stack.slice(`stack-${name}-`.length))
      .sort();
  const named = ["api", "async", "console", "data", "domain", "edge", "mail", "monitoring", "perimeter"];
  for (const name of ["production", "tenant-one", "integration"]) assert.deepEqual(stacks(name), named, name);
  assert.deepEqual(stacks("developer"), ["api", "async", "data", "edge", "mail", "monitoring"]);
});

test("a preview is an environment of its own, and no other is made with it", () => {
  for (const stack of previewed.templates.keys()) assert.match(stack, /^stack-pr-7-/);
  assert.equal(previewed.templates.size, 6);
});

test("what stands around the environments needs neither functions nor a site", () => {
  const made = app({ env: "governance", lambdas: "nowhere", site: "nowhere" });
  assemble(made);
  assert.deepEqual(
    made.node.children.map(({ node }) => node.id),
    ["stack-governance"],
  );
});

test("everything says whose cost it is", () => {
  const types = [
    "AWS::DynamoDB::Table",
    "AWS::S3::Bucket",
    "AWS::Lambda::Function",
    "AWS::CloudFront::Distribution",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
  ];
  for (const type of types) {
    const found = find(whole.templates, /^stack-tenant-one-/, type);
    assert.ok(found.length > 0, type);
    for (const { id, Properties } of found) {
      const tags = Object.fromEntries(Properties.Tags.map(({ Key, Value }: any) => [Key, Value]));
      assert.deepEqual([tags.application, tags.environment, tags.tenant], ["stack", "tenant-one", "one"], id);
    }
  }
});

test("no two environments share a name that an account or the world has once", () => {
  const names = ["AWS::CloudWatch::Dashboard", "AWS::Events::EventBus", "AWS::Pipes::Pipe", "AWS::Budgets::Budget"];
  for (const type of names) {
    const given = find(whole.templates, /./, type).map(
      ({ Properties }) => Properties.DashboardName ?? Properties.Name ?? Properties.Budget.BudgetName,
    );
    assert.equal(new Set(given).size, given.length, type);
  }
});

test("Apollo Router takes the gateway's place where that is said, and nothing else changes", () => {
  const gateway = (templates: typeof whole.templates, stack: string) =>
    only(templates, stack, "AWS::Lambda::Function", ({ id }) => id.startsWith("Gateway")).Properties;
  const [own, apollo] = [
    gateway(whole.templates, "stack-developer-api"),
    gateway(previewed.templates, "stack-pr-7-api"),
  ];
  assert.notEqual(own.Code.S3Key, apollo.Code.S3Key);
  assert.deepEqual([own.MemorySize, apollo.MemorySize], [512, 1024]);
  assert.deepEqual(Object.keys(apollo.Environment.Variables), Object.keys(own.Environment.Variables));
  assert.deepEqual([own.Timeout, own.Handler], [apollo.Timeout, apollo.Handler]);
});

test("what is missing or misspelt is said, with what to do", () => {
  const failing = (context: Record<string, string>) => () => assemble(app(context));
  assert.throws(failing({ env: "developer", lambdas: "nowhere" }), /cargo xtask package/);
  assert.throws(failing({ env: "developer", site: "nowhere" }), /cargo xtask site/);
  assert.throws(failing({ env: "nobody" }), /no environment of that name/);
  assert.throws(failing({ pr: "x" }), /number of a pull request/);
  assert.throws(failing({ arch: "mips" }), /must be one of arm64, x86_64/);
  assert.throws(failing({ gateway: "node" }), /must be one of own, apollo/);
});

// What tells people that something is wrong.

import assert from "node:assert/strict";
import { test } from "node:test";
import { find, only, previewed, whole } from "./support.ts";

const MONITORING = "stack-production-monitoring";
const { templates } = whole;

test("every alarm tells the one topic, which tells a person", () => {
  const topic = only(templates, MONITORING, "AWS::SNS::Topic");
  const alarms = find(templates, MONITORING, "AWS::CloudWatch::Alarm");
  assert.ok(alarms.length > 20);
  for (const { id, Properties } of alarms) assert.deepEqual(Properties.AlarmActions, [{ Ref: topic.id }], id);
  assert.equal(only(templates, MONITORING, "AWS::SNS::Subscription").Properties.Endpoint, "alerts@stack.example");
});

test("errors, latency, throttles, dead letters, mail and cost have alarms", () => {
  const ids = find(templates, MONITORING, "AWS::CloudWatch::Alarm").map(({ id }) => id);
  const expected = [
    "CallsFail",
    "CallsSlow",
    "GatewayThrottled",
    "TodoFails",
    "WritesThrottled",
    "NotificationsDead",
    "UndeliveredDead",
    "ConversionsLate",
    "MailBounces",
    "MailComplaints",
  ];
  for (const name of expected)
    assert.ok(
      ids.some((id) => id.includes(name)),
      name,
    );
  const { Budget, NotificationsWithSubscribers } = only(templates, MONITORING, "AWS::Budgets::Budget").Properties;
  assert.deepEqual(Budget.BudgetLimit, { Amount: 200, Unit: "USD" });
  assert.equal(NotificationsWithSubscribers.length, 2);
});

test("every function has its two alarms", () => {
  for (const [{ templates: all }, name] of [
    [whole, "production"],
    [previewed, "pr-7"],
  ] as const) {
    const functions = find(all, new RegExp(`^stack-${name}-(api|async)$`), "AWS::Lambda::Function").filter(
      ({ Properties }) => Properties.Runtime === "provided.al2023",
    );
    const alarms = find(all, `stack-${name}-monitoring`, "AWS::CloudWatch::Alarm").filter(({ id }) =>
      /(Throttled|Fails)[0-9A-F]{8}$/.test(id),
    );
    const others = ["ReadsThrottled", "WritesThrottled", "TableFails"].length;
    assert.equal(alarms.length, functions.length * 2 + others, name);
  }
});

test("there is one dashboard", () => {
  assert.equal(only(templates, MONITORING, "AWS::CloudWatch::Dashboard").Properties.DashboardName, "stack-production");
});

test("mail that comes back is counted and kept for whoever acts on it", () => {
  const set = only(templates, "stack-production-mail", "AWS::SES::ConfigurationSet").Properties;
  assert.deepEqual(set.SuppressionOptions, { SuppressedReasons: ["BOUNCE", "COMPLAINT"] });
  const { EventDestination } = only(
    templates,
    "stack-production-mail",
    "AWS::SES::ConfigurationSetEventDestination",
  ).Properties;
  assert.deepEqual(EventDestination.MatchingEventTypes.sort(), ["bounce", "complaint", "reject"]);
  const records = find(templates, "stack-production-mail", "AWS::Route53::RecordSet").map(
    ({ Properties }) => Properties.Type,
  );
  assert.deepEqual(records.sort(), ["CNAME", "CNAME", "CNAME", "MX", "TXT", "TXT"]);
});

// What ends a canary: its alarms, worked out over made-up minutes as CloudWatch works them out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { find, whole } from "./support.ts";

const alarms = find(whole.templates, "stack-production-api", "AWS::CloudWatch::Alarm");

interface Minute {
  calls: number;
  errors: number;
}

/** The alarms of a kind. */
const canaries = (kind: string) => alarms.filter(({ id }) => id.includes("Canary") && id.includes(kind));

/** The same, of the gateway and of the authorizer. */
function both(kind: string) {
  const found = canaries(kind);
  assert.equal(found.length, 2, kind);
  return found;
}

/** What goes off when too many of the calls fail, or of the answers tell of a fault. */
const shares = () => [...both("Failing"), ...canaries("Faulty")];

/** Whether an alarm of computed metrics goes off at the end of these minutes. */
function goesOff({ Properties }: (typeof alarms)[number], minutes: Minute[]): boolean {
  const { Metrics, Threshold, EvaluationPeriods, ComparisonOperator, TreatMissingData } = Properties;
  assert.deepEqual([ComparisonOperator, TreatMissingData], ["GreaterThanThreshold", "notBreaching"]);
  const { Expression } = Metrics.find((metric: { Expression?: string }) => metric.Expression);
  const value = new Function("errors", "calls", `return ${Expression}`);
  const breaches = minutes
    .slice(-EvaluationPeriods)
    .map(({ calls, errors }) => calls > 0 && value(errors, calls) > Threshold);
  return breaches.length === EvaluationPeriods && breaches.every(Boolean);
}

/** A minute in which so many of a thousand calls fail. */
const minute = (errors: number): Minute => ({ calls: 1000, errors });

test("a new version that fails goes back, though it gets a tenth of the calls", () => {
  for (const alarm of shares()) {
    const [good, bad] = [minute(0), minute(100)];
    assert.ok(goesOff(alarm, [good, good, bad, bad]), alarm.id);
    assert.ok(!goesOff(alarm, [good, bad, bad, good]), "it is over");
    assert.ok(!goesOff(alarm, [good, good, good, bad]), "one bad minute may be anything's");
  }
});

test("what fails now and then, and silence, end no canary", () => {
  for (const alarm of shares()) {
    assert.ok(!goesOff(alarm, [minute(20), minute(20)]), alarm.id);
    assert.ok(goesOff(alarm, [minute(21), minute(21)]), alarm.id);
    assert.ok(
      !goesOff(alarm, [
        { calls: 0, errors: 0 },
        { calls: 0, errors: 0 },
      ]),
      alarm.id,
    );
    assert.ok(
      goesOff(alarm, [
        { calls: 1, errors: 1 },
        { calls: 3, errors: 1 },
      ]),
      "however few there are",
    );
  }
});

test("calls of the old and the new version count together, by the alias that the API calls", () => {
  for (const { id, Properties } of both("Failing")) {
    const measured = Properties.Metrics.filter((metric: { MetricStat?: object }) => metric.MetricStat);
    const names = measured.map(
      (metric: { MetricStat: { Metric: { MetricName: string } } }) => metric.MetricStat.Metric.MetricName,
    );
    assert.deepEqual(names.sort(), ["Errors", "Invocations"], id);
    for (const { MetricStat } of measured) {
      const resource = MetricStat.Metric.Dimensions.find(({ Name }: { Name: string }) => Name === "Resource");
      assert.match(JSON.stringify(resource.Value), /:live/, id);
      assert.deepEqual([MetricStat.Stat, MetricStat.Period], ["Sum", 60], id);
    }
  }
});

test("answers that tell of a fault count as well, which are no errors of the gateway's function", () => {
  const [faulty, ...more] = canaries("Faulty");
  assert.ok(faulty && faulty.id.startsWith("Gateway") && more.length === 0);
  const measured = faulty.Properties.Metrics.filter((metric: { MetricStat?: object }) => metric.MetricStat);
  for (const { Id, MetricStat } of measured) {
    const { Namespace, MetricName, Dimensions } = MetricStat.Metric;
    assert.deepEqual([Namespace, MetricName], ["Stack", Id === "calls" ? "requests" : "errors"]);
    assert.deepEqual(Dimensions, [{ Name: "environment", Value: "production" }]);
    assert.equal(MetricStat.Stat, "Sum");
  }
  assert.equal(measured.length, 2);
});

test("a new version that is slow goes back too", () => {
  const limits = both("Slow").map(({ Properties }) => {
    assert.deepEqual([Properties.MetricName, Properties.ExtendedStatistic], ["Duration", "p99"]);
    assert.equal(Properties.ComparisonOperator, "GreaterThanThreshold");
    return [Properties.Threshold, Properties.EvaluationPeriods];
  });
  assert.deepEqual(
    limits.sort((one, other) => one[0] - other[0]),
    [
      [1000, 3],
      [3000, 3],
    ],
  );
});

//! What is counted of calls, as lines of the log in CloudWatch's embedded metric format: no request is made for it.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value, json};

/// The namespace of the product's metrics.
const NAMESPACE: &str = "Stack";

/// A call, as it is counted.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// Which copy of the product.
    pub environment: &'a str,
    /// Which function.
    pub function: &'static str,
    /// What a client wanted, from a list of names that is known: each one is a metric of its own.
    pub operation: Option<&'static str>,
    /// Whether it is our fault that it was not done.
    pub failed: bool,
    /// How long it took.
    pub took: Duration,
    /// How long the process took to get ready, if this is its first call.
    pub init: Option<Duration>,
    /// The request's id.
    pub id: &'a str,
    /// The trace's id.
    pub trace: &'a str,
}

/// The line, if there is something to count: operations of clients, by name, and first calls, by function. Calls,
/// errors and durations of every function are Lambda's own metrics.
#[must_use]
pub fn line(counted: &Counted<'_>, now: SystemTime) -> Option<String> {
    let (mut directives, mut fields) = (Vec::new(), Map::new());
    let mut add = |dimensions: Value, metrics: &[(&str, &str, Value)]| {
        let named = metrics.iter().map(|(name, unit, _)| json!({ "Name": name, "Unit": unit }));
        directives.push(json!({
            "Namespace": NAMESPACE,
            "Dimensions": dimensions,
            "Metrics": named.collect::<Vec<_>>(),
        }));
        fields.extend(metrics.iter().map(|(name, _, value)| ((*name).to_owned(), value.clone())));
    };
    if counted.operation.is_some() {
        let metrics = [
            ("requests", "Count", json!(1)),
            ("errors", "Count", json!(u8::from(counted.failed))),
            ("latency", "Milliseconds", json!(millis(counted.took))),
        ];
        // In all as well: what is wrong with one of a hundred calls is to be known of whatever operations there are.
        add(json!([["environment", "operation"], ["environment"]]), &metrics);
    }
    if let Some(init) = counted.init {
        let metrics = [("coldStarts", "Count", json!(1)), ("init", "Milliseconds", json!(millis(init)))];
        add(json!([["environment", "function"]]), &metrics);
    }
    if directives.is_empty() {
        return None;
    }
    let at = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis();
    let at = u64::try_from(at).unwrap_or(u64::MAX);
    fields.insert("_aws".to_owned(), json!({ "Timestamp": at, "CloudWatchMetrics": directives }));
    let labels = [
        ("environment", counted.environment),
        ("function", counted.function),
        ("id", counted.id),
        ("trace", counted.trace),
    ];
    let labels = labels.into_iter().chain(counted.operation.map(|operation| ("operation", operation)));
    fields.extend(labels.map(|(name, value)| (name.to_owned(), json!(value))));
    Some(Value::Object(fields).to_string())
}

/// With three decimals: warm calls are shorter than a millisecond.
fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: Counted<'static> = Counted {
        environment: "production",
        function: "gateway",
        operation: Some("Commit"),
        failed: true,
        took: Duration::from_micros(1_500),
        init: None,
        id: "r",
        trace: "1-2-3",
    };

    fn fields(counted: &Counted<'_>) -> Option<Value> {
        line(counted, SystemTime::UNIX_EPOCH + Duration::from_secs(1))
            .map(|line| serde_json::from_str(&line).unwrap())
    }

    #[test]
    fn every_metric_and_dimension_has_a_field_of_its_name() {
        let both = Counted { init: Some(Duration::from_millis(80)), ..CALL };
        let fields = fields(&both).unwrap();
        assert_eq!(fields["_aws"]["Timestamp"], 1_000);
        let directives = fields["_aws"]["CloudWatchMetrics"].as_array().unwrap();
        assert_eq!(directives.len(), 2);
        for directive in directives {
            for metric in directive["Metrics"].as_array().unwrap() {
                assert!(fields[metric["Name"].as_str().unwrap()].is_number(), "{metric}");
            }
            let sets = directive["Dimensions"].as_array().unwrap().iter();
            for dimension in sets.flat_map(|set| set.as_array().unwrap()) {
                assert!(fields[dimension.as_str().unwrap()].is_string(), "{dimension}");
            }
        }
        assert_eq!(fields["latency"], 1.5);
        assert_eq!((&fields["errors"], &fields["init"]), (&json!(1), &json!(80.0)));
    }

    #[test]
    fn a_warm_call_that_is_no_operation_is_not_counted_here() {
        assert_eq!(fields(&Counted { operation: None, ..CALL }), None);
    }
}

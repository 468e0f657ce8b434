//! Scalars of the graph.

use async_graphql::{InputValueError, InputValueResult, Number, Scalar, ScalarType, Value};
use domain::time::Timestamp as Instant;

/// The graph's name for an instant.
pub(super) struct Timestamp(pub(super) Instant);

/// An instant: milliseconds since the Unix epoch.
#[Scalar]
impl ScalarType for Timestamp {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => number.as_i64().map(|at| Self(Instant(at))),
            _ => None,
        }
        .ok_or_else(|| InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        Value::Number(Number::from(self.0.0))
    }
}

//! The scalars that the subgraphs share. The derived schema knows each by its name and what stands above it.

use std::{fmt::Display, str::FromStr};

use async_graphql::{InputType, InputValueError, InputValueResult, Number, Scalar, ScalarType, Value};
use domain::{model, order, time};

/// The instants that every client can hold, JavaScript's dates being the narrowest: milliseconds either side
/// of the epoch.
const FARTHEST: i64 = 8_640_000_000_000_000;

/// [`time::Day`] in the graph.
#[derive(Debug, Clone, Copy)]
pub struct Day(pub time::Day);

/// [`time::Timestamp`] in the graph.
#[derive(Debug, Clone, Copy)]
pub struct Timestamp(pub time::Timestamp);

/// [`model::Version`] in the graph.
#[derive(Debug, Clone, Copy)]
pub struct Version(pub model::Version);

/// [`order::OrderKey`] in the graph.
#[derive(Debug, Clone)]
pub struct OrderKey(pub order::OrderKey);

/// A number of bytes, which may be more than an `Int` holds.
#[derive(Debug, Clone, Copy)]
pub struct Bytes(pub u64);

/// A calendar day as `YYYY-MM-DD`.
#[Scalar]
impl ScalarType for Day {
    fn parse(value: Value) -> InputValueResult<Self> {
        from_text(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An instant: milliseconds since the Unix epoch.
#[Scalar]
impl ScalarType for Timestamp {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => match number.as_i64() {
                Some(millis) if (-FARTHEST..=FARTHEST).contains(&millis) => Ok(Self(time::Timestamp(millis))),
                _ => Err(InputValueError::custom("not an instant in milliseconds")),
            },
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::Number(Number::from(self.0.0))
    }
}

/// A place in a list's history; it only grows.
#[Scalar]
impl ScalarType for Version {
    fn parse(value: Value) -> InputValueResult<Self> {
        count(value, "not a version").map(Self)
    }

    fn to_value(&self) -> Value {
        Value::Number(Number::from(self.0))
    }
}

/// A fractional order key: `0-9A-Za-z`, compared byte by byte.
#[Scalar]
impl ScalarType for OrderKey {
    fn parse(value: Value) -> InputValueResult<Self> {
        from_text(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A number of bytes.
#[Scalar]
impl ScalarType for Bytes {
    fn parse(value: Value) -> InputValueResult<Self> {
        count(value, "not a number of bytes").map(Self)
    }

    fn to_value(&self) -> Value {
        Value::Number(Number::from(self.0))
    }
}

fn from_text<S: InputType, T: FromStr<Err: Display>>(value: Value) -> Result<T, InputValueError<S>> {
    match &value {
        Value::String(text) => text.parse().map_err(InputValueError::custom),
        _ => Err(InputValueError::expected_type(value)),
    }
}

fn count<S: InputType>(value: Value, refusal: &str) -> Result<u64, InputValueError<S>> {
    match &value {
        Value::Number(number) => number.as_u64().ok_or_else(|| InputValueError::custom(refusal)),
        _ => Err(InputValueError::expected_type(value)),
    }
}

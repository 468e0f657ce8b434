//! The id of a trace: all that one request of a device has set going, from the browser to the table.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The header that it travels in, as `Root=1-…`; services of AWS add fields of their own behind it.
pub const TRACE_HEADER: &str = "x-amzn-trace-id";

/// X-Ray's form of an id: `1-`, eight digits of the time in seconds, `-`, and twenty-four digits, all hexadecimal.
///
/// <https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TraceId(String);

/// The text is no id of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no valid trace id")]
pub struct InvalidTrace;

impl TraceId {
    /// A new one, of now.
    #[must_use]
    pub fn fresh() -> Self {
        let id = Uuid::now_v7().as_u128();
        let seconds = (id >> 80) / 1_000;
        Self(format!("1-{seconds:08x}-{:024x}", id & (u128::MAX >> 32)))
    }

    /// The one that a header's value names.
    #[must_use]
    pub fn in_header(value: &str) -> Option<Self> {
        let root = value.split(';').find_map(|part| part.trim().strip_prefix("Root="))?;
        root.to_owned().try_into().ok()
    }

    /// The header's value.
    #[must_use]
    pub fn to_header(&self) -> String {
        format!("Root={self}")
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<TraceId> for String {
    fn from(trace: TraceId) -> Self {
        trace.0
    }
}

impl TryFrom<String> for TraceId {
    type Error = InvalidTrace;

    fn try_from(text: String) -> Result<Self, InvalidTrace> {
        let digits = |part: Option<&str>, count: usize| {
            part.is_some_and(|part| part.len() == count && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
        };
        let mut parts = text.split('-');
        let valid = parts.next() == Some("1") && digits(parts.next(), 8) && digits(parts.next(), 24);
        if valid && parts.next().is_none() { Ok(Self(text)) } else { Err(InvalidTrace) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_one_survives_its_header_whatever_is_added_to_that() {
        let trace = TraceId::fresh();
        assert_eq!(TraceId::in_header(&trace.to_header()), Some(trace.clone()));
        let added = format!("Self=1-2-3; {};Parent=53995c3f42cd8ad8;Sampled=1", trace.to_header());
        assert_eq!(TraceId::in_header(&added), Some(trace.clone()));
        assert_ne!(TraceId::fresh(), trace);
    }

    #[test]
    fn nothing_else_gets_into_a_log_by_it() {
        for forged in [
            "",
            "Root=",
            "Root=1-2-3",
            "Root=2-6761e3b1-0123456789abcdef01234567",
            "Root=1-6761e3b1-0123456789abcdef01234567-",
            "Root=1-6761e3b1-0123456789abcdef0123456\u{e9}",
            "1-6761e3b1-0123456789abcdef01234567",
            "Root=1-6761e3b1-0123456789abcdef\n1234567",
        ] {
            assert_eq!(TraceId::in_header(forged), None, "{forged}");
        }
    }
}

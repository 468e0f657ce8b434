//! The custom policy inside a signed address: which addresses it covers, and until when.

use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Policy {
    statement: [Statement; 1],
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Statement {
    resource: String,
    condition: Condition,
}

/// A condition that is not known here is none that we made.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Condition {
    date_less_than: Date,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Date {
    #[serde(rename = "AWS:EpochTime")]
    seconds: i64,
}

impl Policy {
    pub(super) fn new(resource: String, until: i64) -> Self {
        let condition = Condition { date_less_than: Date { seconds: until } };
        Self { statement: [Statement { resource, condition }] }
    }

    /// The form that is signed: without white space, in this order.
    pub(super) fn to_json(&self) -> String {
        // Texts and numbers always have a form in JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn parse(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// Epoch seconds.
    pub(super) const fn until(&self) -> i64 {
        let [statement] = &self.statement;
        statement.condition.date_less_than.seconds
    }

    /// Whether the resource, in which `*` stands for any text and `?` for any one character, is this address.
    pub(super) fn covers(&self, address: &str) -> bool {
        let [statement] = &self.statement;
        matches(statement.resource.as_bytes(), address.as_bytes())
    }
}

/// Goes back to the latest `*` only, so the time is at most the product of both lengths.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut latest: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(read) {
        match pattern.get(at) {
            Some(b'*') => {
                latest = Some((at, read));
                at += 1;
            }
            Some(wanted) if wanted == byte || *wanted == b'?' => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((star, from)) = latest else { return false };
                latest = Some((star, from + 1));
                (at, read) = (star + 1, from + 1);
            }
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_the_documented_one() {
        let policy = Policy::new("https://d111111abcdef8.cloudfront.net/media/1/*".into(), 1_451_606_400);
        assert_eq!(
            policy.to_json(),
            r#"{"Statement":[{"Resource":"https://d111111abcdef8.cloudfront.net/media/1/*","Condition":{"DateLessThan":{"AWS:EpochTime":1451606400}}}]}"#
        );
        assert_eq!(Policy::parse(policy.to_json().as_bytes()), Some(policy));
    }

    #[test]
    fn other_conditions_are_not_overlooked() {
        let json = r#"{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":1},"IpAddress":{"AWS:SourceIp":"192.0.2.0/24"}}}]}"#;
        assert_eq!(Policy::parse(json.as_bytes()), None);
    }

    #[test]
    fn wildcards_stand_for_what_they_should() {
        let covers = |resource: &str, address: &str| Policy::new(resource.into(), 0).covers(address);
        assert!(covers("http://h/media/1/*", "http://h/media/1/t/2/320.avif"));
        assert!(covers("http://h/media/1/*", "http://h/media/1/"));
        assert!(!covers("http://h/media/1/*", "http://h/media/1"));
        assert!(!covers("http://h/media/1/*", "http://h/media/12/t"));
        assert!(!covers("http://h/media/1/*", "http://i/media/1/t"));
        assert!(covers("*/a?c/*b", "x/abc/ab/b"));
        assert!(!covers("*/a?c/*b", "x/abc/ab/c"));
        assert!(covers("*", ""));
        assert!(!covers("", "a"));
        let (stars, letters) = ("*a".repeat(200), "a".repeat(20_000) + "b");
        assert!(!covers(&stars, &letters));
    }
}

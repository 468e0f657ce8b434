//! How far back the server remembers deletions.

use serde::{Deserialize, Serialize};

use crate::{limits::HORIZON_DAYS, model::Version, time::Timestamp};

const DAY: i64 = 86_400_000;
/// How far apart the marks are. A cursor may be told to reload this much too early, never too late.
const STRIDE: i64 = 10 * DAY;

/// Marks of which version was written when, at most some ten of them, from which follows the oldest cursor
/// that can't have missed a deletion: storage drops a tombstone [`HORIZON_DAYS`] after it was written, at a time
/// of its own choosing, so what counts is what it *may* have dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Horizon(Vec<(Timestamp, Version)>);

impl Horizon {
    /// Notes that `version` is being written now.
    pub fn record(&mut self, now: Timestamp, version: Version) {
        let last = self.0.last().map(|(at, _)| *at);
        if last.is_none_or(|last| now.0.saturating_sub(last.0) >= STRIDE) {
            self.0.retain(|(at, _)| is_remembered(*at, now));
            self.0.push((now, version));
        }
    }

    /// The oldest anchor that a device may sync from; one before it needs a reset. `version` is the list's.
    #[must_use]
    pub fn floor(&self, now: Timestamp, version: Version) -> Version {
        let mark = self.0.iter().find(|(at, _)| is_remembered(*at, now));
        // All that was written after the mark is still here; without one, perhaps nothing is.
        mark.map_or(version, |(_, first)| first.saturating_sub(1))
    }
}

fn is_remembered(at: Timestamp, now: Timestamp) -> bool {
    now.0.saturating_sub(at.0) < i64::from(HORIZON_DAYS) * DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_exactly_while_nothing_after_it_can_be_forgotten() {
        let mut horizon = Horizon::default();
        // One version a day for a year.
        for day in 0..365_u64 {
            let now = Timestamp(i64::try_from(day).unwrap() * DAY);
            horizon.record(now, day + 1);
            let floor = horizon.floor(now, day + 1);
            let oldest_kept = (day + 1).saturating_sub(u64::from(HORIZON_DAYS));
            assert!(floor >= oldest_kept, "day {day}: {floor}");
            assert!(floor <= oldest_kept + 10, "day {day}: {floor}");
            assert!(horizon.0.len() <= 11);
        }
    }

    #[test]
    fn a_list_long_at_rest_resets_everyone_who_missed_its_last_change() {
        let mut horizon = Horizon::default();
        horizon.record(Timestamp(0), 1);
        assert_eq!(horizon.floor(Timestamp(89 * DAY), 7), 0);
        assert_eq!(horizon.floor(Timestamp(91 * DAY), 7), 7);
    }
}

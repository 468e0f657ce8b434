//! Instants and calendar days.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An instant: milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This instant plus (or, negative, minus) some milliseconds; it stops at the ends of the range.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

/// A calendar day without a time or a zone, such as a due date, from year 0 to 9999. It reads and prints as
/// `2026-11-23`.
///
/// The few sums done with days stand here rather than in a calendar library, which would be a tenth of what the
/// client loads first. They are after Howard Hinnant's `chrono`-compatible low-level date algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day {
    year: i16,
    month: i8,
    day: i8,
}

/// The text is not a day as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day as YYYY-MM-DD")]
pub struct InvalidDay;

/// Days in 400 years, after which the calendar repeats itself.
const CYCLE: i32 = 146_097;

impl Day {
    /// The day of this year, month (1 to 12) and day of month, if there is one.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        ((0..=9999).contains(&year) && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> i8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> i8 {
        self.day
    }

    /// The day of the week, 0 for Monday to 6 for Sunday.
    #[must_use]
    pub const fn weekday(self) -> i8 {
        // 1 March of year 0 was a Wednesday.
        (self.number() + 2).rem_euclid(7) as i8
    }

    /// The day some days later (or, negative, earlier), if it is in range.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Option<Self> {
        let number = self.number().checked_add(days)?;
        let (cycle, of_cycle) = (number.div_euclid(CYCLE), number.rem_euclid(CYCLE));
        let of_years = (of_cycle - of_cycle / 1_460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
        let of_year = of_cycle - (365 * of_years + of_years / 4 - of_years / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = cycle.checked_mul(400)?.checked_add(of_years + i32::from(month <= 2))?;
        Self::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)
    }

    /// Days from this day to the other; negative where the other is before.
    #[must_use]
    pub const fn days_until(self, other: Self) -> i32 {
        other.number() - self.number()
    }

    /// Days since 1 March of year 0. Years that begin in March have their leap day at the end.
    const fn number(self) -> i32 {
        let (month, day) = (self.month as i32, self.day as i32);
        let year = self.year as i32 - (month <= 2) as i32;
        let of_years = year.rem_euclid(400);
        let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
        year.div_euclid(400) * CYCLE + of_years * 365 + of_years / 4 - of_years / 100 + of_year
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Day {
    type Err = InvalidDay;

    fn from_str(text: &str) -> Result<Self, InvalidDay> {
        let mut parts = text.splitn(3, '-');
        let mut part = |width: usize| {
            let digits = parts.next().filter(|p| p.len() == width && p.bytes().all(|b| b.is_ascii_digit()));
            digits.ok_or(InvalidDay)
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        let number = |digits: &str| digits.parse::<i16>().map_err(|_| InvalidDay);
        let small = |digits: &str| digits.parse::<i8>().map_err(|_| InvalidDay);
        Self::new(number(year)?, small(month)?, small(day)?).ok_or(InvalidDay)
    }
}

impl TryFrom<String> for Day {
    type Error = InvalidDay;

    fn try_from(text: String) -> Result<Self, InvalidDay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_and_prints_one_way() {
        for text in ["2026-11-23", "0001-01-01", "2024-02-29"] {
            assert_eq!(text.parse::<Day>().unwrap().to_string(), text);
        }
        for text in ["2026-2-3", "2023-02-29", "2026-13-01", "20261123", "+026-01-01", "2026-01-01 ", ""] {
            assert_eq!(text.parse::<Day>(), Err(InvalidDay), "{text}");
        }
    }

    #[test]
    fn days_are_as_a_calendar_library_has_them() {
        let (mut date, mut day) = (jiff::civil::date(0, 1, 1), Day::new(0, 1, 1));
        let first = day.unwrap();
        for passed in 0.. {
            let here = day.unwrap();
            assert_eq!((here.year, here.month, here.day), (date.year(), date.month(), date.day()));
            assert_eq!(here.weekday(), date.weekday().to_monday_zero_offset());
            assert_eq!((first.plus_days(passed), here.plus_days(-passed)), (Some(here), Some(first)));
            assert_eq!((first.days_until(here), here.days_until(first)), (passed, -passed));
            day = here.plus_days(1);
            match date.tomorrow() {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        assert_eq!((day, first.plus_days(-1)), (None, None));
        assert_eq!((first.plus_days(i32::MAX), first.plus_days(i32::MIN)), (None, None));
    }
}

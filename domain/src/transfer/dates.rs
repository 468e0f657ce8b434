//! Dates as other programs write them.

use jiff::{civil, tz::TimeZone};

use crate::time::{Day, Timestamp};

/// A date in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The day meant.
    pub(super) day: Day,
    /// Whether the day is all that the words say; otherwise there is a time in them, or they are relative
    /// to another day.
    pub(super) whole: bool,
}

/// The instant of a wall clock time in UTC.
pub(super) fn utc(time: civil::DateTime) -> Option<Timestamp> {
    Some(Timestamp(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond()))
}

/// Noon on a day: the instant that most time zones count to that day.
pub(super) fn noon(day: Day) -> Option<Timestamp> {
    utc(civil::Date::new(day.year(), day.month(), day.day()).ok()?.at(12, 0, 0, 0))
}

/// Reads a date in English words or ISO 8601, where it can only mean one day: `2026-11-23`,
/// `Nov 23 2026`, `23 November` (the next one), `tomorrow`, each with or without a time.
pub(super) fn words(text: &str, today: Day) -> Option<Found> {
    let text = text.trim().to_lowercase();
    if let Some((day, rest)) = iso(&text) {
        return is_time(rest).then_some(Found { day, whole: rest.is_empty() });
    }
    let mut words = text.split([' ', ',']).filter(|word| !word.is_empty());
    let first = words.next()?;
    let relative = match first {
        "today" | "tod" => Some(0),
        "tomorrow" | "tom" => Some(1),
        "yesterday" => Some(-1),
        _ => None,
    };
    let day = match relative {
        Some(days) => today.plus_days(days)?,
        None => {
            let second = words.next()?;
            let (month, day) =
                month(first).zip(day_of_month(second)).or_else(|| month(second).zip(day_of_month(first)))?;
            let mut ahead = words.clone();
            if let Some(year) = ahead.next().and_then(year) {
                words = ahead;
                Day::new(year, month, day)?
            } else {
                // 29 February comes every four years, or after eight.
                (0..=8)
                    .filter_map(|years| Day::new(today.year() + years, month, day))
                    .find(|day| *day >= today)?
            }
        }
    };
    let rest: Vec<_> = words.collect();
    let dated = relative.is_none() && text.ends_with(|c: char| c.is_ascii_digit()) && rest.is_empty();
    is_time(&rest.join(" ")).then_some(Found { day, whole: dated && text.contains(&day.year().to_string()) })
}

fn iso(text: &str) -> Option<(Day, &str)> {
    let (date, rest) = text.split_at_checked(10)?;
    Some((date.parse().ok()?, rest))
}

/// Whether this is nothing or a time of day: `14:00`, `t14:00:00`, `at 9`, `@ 9.30 pm`.
fn is_time(text: &str) -> bool {
    let text = text.trim();
    let time = text
        .trim_start_matches("at ")
        .trim_start_matches(['@', 't', ' '])
        .trim_end_matches(['a', 'p', 'm', 'z', ' ']);
    let numbers = time.split([':', '.']).collect::<Vec<_>>();
    let digits = |part: &&str| matches!(part.len(), 1..=6) && part.bytes().all(|byte| byte.is_ascii_digit());
    text.is_empty() || (numbers.len() <= 4 && numbers.iter().all(digits))
}

fn month(word: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.');
    let index = NAMES.iter().position(|name| {
        word.len() >= 3 && name.starts_with(word) || word == "sept" && *name == "september"
    })?;
    i8::try_from(index + 1).ok()
}

fn day_of_month(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = word.get(digits.len()..)?;
    matches!(suffix, "" | "st" | "nd" | "rd" | "th").then(|| digits.parse().ok())?
}

fn year(word: &str) -> Option<i16> {
    (word.len() == 4).then(|| word.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_in_words_is_taken_where_it_is_certain() {
        let today: Day = "2026-11-23".parse().unwrap();
        for (text, day, whole) in [
            ("2026-10-09", "2026-10-09", true),
            ("2026-09-15 14:00", "2026-09-15", false),
            ("2026-09-15T14:00:00", "2026-09-15", false),
            ("2025-03-31 at 11:00", "2025-03-31", false),
            ("Oct 12 2026", "2026-10-12", true),
            ("12 October 2026", "2026-10-12", true),
            ("October 12th, 2026 at 5pm", "2026-10-12", false),
            ("27 Jan", "2027-01-27", false),
            ("Nov 23", "2026-11-23", false),
            ("Nov 23 18:00", "2026-11-23", false),
            ("29 feb", "2028-02-29", false),
            ("today at 11:00", "2026-11-23", false),
            ("Tomorrow", "2026-11-24", false),
            ("tomorrow 9am", "2026-11-24", false),
        ] {
            let found = Found { day: day.parse().unwrap(), whole };
            assert_eq!(words(text, today), Some(found), "{text}");
        }
        for text in [
            "every day",
            "every 27 Jan",
            "27 Jan every year",
            "friday",
            "next week",
            "31 Feb",
            "quand j'ai le temps",
            "jährlich",
            "2026-13-01",
            "2026-10-09 or so",
            "27",
            "",
            "1 2 3",
            "tomorrow or later",
            "ma 3",
        ] {
            assert_eq!(words(text, today), None, "{text}");
        }
    }
}

//! Reads a date out of what is typed into the quick-add field: a word for it at the start or the end.

use domain::time::Day;

use crate::words::WEEKDAYS;

/// A date found in a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// The title without the words that said the date.
    pub(crate) title: String,
    /// The date.
    pub(crate) due: Day,
    /// The words that said it.
    pub(crate) said: String,
}

/// The date that a title ends or begins with, if the rest is still a title.
pub(crate) fn find_date(text: &str, today: Day) -> Option<Found> {
    let words: Vec<&str> = text.split_whitespace().collect();
    for length in [3, 2, 1] {
        let Some(rest) = words.len().checked_sub(length).filter(|rest| *rest > 0) else { continue };
        for (said, title) in
            [(words.get(rest..)?, words.get(..rest)?), (words.get(..length)?, words.get(length..)?)]
        {
            if let Some(due) = read(said, today) {
                return Some(Found { title: title.join(" "), due, said: said.join(" ") });
            }
        }
    }
    None
}

/// `today`, `tomorrow`, `friday`, `next week`, `next friday`, `2026-12-24`, each also after `on`, `by` or `due`.
fn read(words: &[&str], today: Day) -> Option<Day> {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["on" | "by" | "due", rest @ ..] if !rest.is_empty() => bare(rest, today),
        all => bare(all, today),
    }
}

fn bare(words: &[&str], today: Day) -> Option<Day> {
    match words {
        ["today"] => Some(today),
        ["tomorrow"] => today.plus_days(1),
        ["next", "week"] => today.plus_days(days_until(today, 0)),
        ["next", name] => today.plus_days(days_until(today, weekday(name)?)),
        [word] => match weekday(word) {
            Some(day) => today.plus_days(days_until(today, day)),
            None => word.parse().ok(),
        },
        _ => None,
    }
}

fn weekday(name: &str) -> Option<i8> {
    let index = WEEKDAYS.iter().position(|day| day.eq_ignore_ascii_case(name))?;
    i8::try_from(index).ok()
}

/// Days until the next such day of the week (Monday is 0), never none.
fn days_until(today: Day, weekday: i8) -> i32 {
    let now = today.weekday();
    match i32::from((weekday - now).rem_euclid(7)) {
        0 => 7,
        days => days,
    }
}

/// The Monday after `today`.
pub(crate) fn next_week(today: Day) -> Option<Day> {
    today.plus_days(days_until(today, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(String, String)> {
        // A Monday.
        let today = "2026-11-23".parse().unwrap();
        find_date(text, today).map(|found| (found.title, found.due.to_string()))
    }

    #[test]
    fn dates_are_read_at_either_end() {
        for (text, title, due) in [
            ("Call mum today", "Call mum", "2026-11-23"),
            ("tomorrow buy  bread", "buy bread", "2026-11-24"),
            ("Pay rent by Friday", "Pay rent", "2026-11-27"),
            ("Pay rent due next friday", "Pay rent", "2026-11-27"),
            ("Stand-up monday", "Stand-up", "2026-11-30"),
            ("Report next week", "Report", "2026-11-30"),
            ("Tax 2027-01-31", "Tax", "2027-01-31"),
        ] {
            assert_eq!(found(text), Some((title.into(), due.into())), "{text}");
        }
    }

    #[test]
    fn other_words_stay_in_the_title() {
        for text in ["today", "", "Read Friday Night Lights", "Fix bug 2026-13-01", "mondays are long"] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}

//! Days and numbers as people say them.

use domain::time::Day;

use super::{TODAY, TOMORROW, YESTERDAY};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LONG_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Days of the week, Monday first; the quick-add field reads these too.
pub(crate) const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn month(day: Day, names: &'static [&'static str; 12]) -> &'static str {
    let index = usize::try_from(day.month()).unwrap_or(1).saturating_sub(1);
    names.get(index).copied().unwrap_or_default()
}

fn weekday(day: Day) -> &'static str {
    let index = usize::try_from(day.weekday()).unwrap_or_default();
    WEEKDAYS.get(index).copied().unwrap_or_default()
}

/// A day as people say it, seen from `today`: `Tomorrow`, `Friday`, `3 Dec`, `3 Dec 2027`.
pub(crate) fn day(day: Day, today: Day) -> String {
    let distance = today.days_until(day);
    match distance {
        0 => TODAY.into(),
        1 => TOMORROW.into(),
        -1 => YESTERDAY.into(),
        2..=6 => weekday(day).into(),
        _ if day.year() == today.year() => {
            format!("{} {}", day.day(), month(day, &MONTHS))
        }
        _ => format!("{} {} {}", day.day(), month(day, &MONTHS), day.year()),
    }
}

/// `Monday, 23 November`.
pub(crate) fn long_day(day: Day) -> String {
    format!("{}, {} {}", weekday(day), day.day(), month(day, &LONG_MONTHS))
}

/// `November 2026`.
pub(crate) fn month_and_year(day: Day) -> String {
    format!("{} {}", month(day, &LONG_MONTHS), day.year())
}

/// `Mon 23 Nov`.
pub(crate) fn weekday_and_day(day: Day) -> String {
    let weekday: String = weekday(day).chars().take(3).collect();
    format!("{weekday} {} {}", day.day(), month(day, &MONTHS))
}

/// A day's name inside a sentence: `today` rather than `Today`, but `Friday` as it is.
pub(crate) fn lower(day: &str) -> String {
    if [TODAY, TOMORROW, YESTERDAY].contains(&day) { day.to_lowercase() } else { day.into() }
}

/// A number with its thousands apart: `10,000`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_as_people_say_them() {
        let today: Day = "2026-11-23".parse().unwrap();
        for (text, said) in [
            ("2026-11-23", "Today"),
            ("2026-11-24", "Tomorrow"),
            ("2026-11-22", "Yesterday"),
            ("2026-11-27", "Friday"),
            ("2026-11-30", "30 Nov"),
            ("2026-01-02", "2 Jan"),
            ("2027-01-02", "2 Jan 2027"),
        ] {
            assert_eq!(day(text.parse().unwrap(), today), said);
        }
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(
            [0, 999, 1_000, 10_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "10,000", "1,234,567"]
        );
    }
}

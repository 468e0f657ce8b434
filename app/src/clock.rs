//! Instants as days where the user is.

use domain::time::{Day, Timestamp};

/// The day that an instant falls on in the browser's time zone.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "days of this era fit")]
pub(crate) fn local_day(at: Timestamp) -> Day {
    let date = js_sys::Date::new(&(at.0 as f64).into());
    let year = i16::try_from(date.get_full_year()).unwrap_or(1970);
    let day = Day::new(year, date.get_month() as i8 + 1, date.get_date() as i8);
    // An instant that the browser can't name is shown as the beginning of time.
    day.unwrap_or_else(crate::ui::epoch)
}

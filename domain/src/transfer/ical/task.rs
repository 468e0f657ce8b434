//! One VTODO.

use jiff::civil;

use super::{Component, lines::Property};
use crate::{
    time::{Day, Timestamp},
    transfer::{
        Place, Problem, What, dates,
        draft::{self, Item},
    },
};

/// A task as its component has it.
pub(super) struct Task {
    pub(super) item: Item,
    /// Empty where there is none.
    pub(super) uid: String,
    /// The UID of the task that it is under.
    pub(super) parent: Option<String>,
    /// The UIDs of tasks that it says are under it.
    pub(super) children: Vec<String>,
    /// Its place, where the program keeps one.
    pub(super) order: Option<i64>,
}

impl Task {
    /// The place of a task that has no explicit one: the seconds from 2001 to its creation, as the programs
    /// that keep places in `X-APPLE-SORT-ORDER` count it.
    pub(super) fn created_order(&self) -> Option<i64> {
        const YEAR_2001: i64 = 978_307_200;
        Some(self.item.todo.created_at?.0.div_euclid(1_000) - YEAR_2001)
    }
}

/// The properties that decide together whether and when it was done.
#[derive(Default)]
struct Done {
    status: String,
    percent: Option<u8>,
    at: Option<Timestamp>,
    /// Exactly, in Stack's own export.
    exact: Option<Timestamp>,
    changed: Option<Timestamp>,
}

/// Reads a component. Whatever Stack has no field for goes into the notes.
pub(super) fn read(component: Component, place: &Place<'_>, problems: &mut Vec<Problem>) -> Task {
    let (mut title, mut notes) = (String::new(), String::new());
    let (mut exact_title, mut exact_notes): (Option<String>, Option<String>) = (None, None);
    let mut rest = Vec::new();
    for property in component.properties {
        match property.name.as_str() {
            "SUMMARY" => title = property.value,
            "DESCRIPTION" => notes = draft::join(&notes, &property.value),
            "X-STACK-SUMMARY" => exact_title = serde_json::from_str(&property.value).ok(),
            "X-STACK-DESCRIPTION" => exact_notes = serde_json::from_str(&property.value).ok(),
            _ => rest.push(property),
        }
    }
    let mut item = Item::new(component.line, &title, &notes, problems);
    // The exact texts hold only as long as no other program has changed the plain ones.
    if let Some(exact) = exact_title.filter(|exact| super::one_line(exact) == super::one_line(&title)) {
        item.todo.title = exact;
    }
    if let Some(exact) =
        exact_notes.filter(|exact| draft::clean(exact).0.trim_end() == draft::clean(&notes).0.trim_end())
    {
        item.todo.notes = exact;
    }
    let mut task = Task { item, uid: String::new(), parent: None, children: Vec::new(), order: None };
    let mut done = Done::default();
    for property in rest {
        task.property(property, &mut done, place, problems);
    }
    task.finish(done, place, problems);
    task
}

impl Task {
    fn property(
        &mut self,
        property: Property,
        done: &mut Done,
        place: &Place<'_>,
        problems: &mut Vec<Problem>,
    ) {
        let line = property.line;
        let value = property.value.trim();
        let item = &mut self.item;
        match property.name.as_str() {
            "UID" => self.uid = value.to_owned(),
            "DUE" => due(item, &property, place, problems),
            "STATUS" => done.status = value.to_ascii_uppercase(),
            "COMPLETED" => done.at = instant(value),
            "X-STACK-COMPLETED" => done.exact = value.parse().ok().map(Timestamp),
            "PERCENT-COMPLETE" => done.percent = value.parse().ok(),
            "LAST-MODIFIED" => done.changed = instant(value),
            "CREATED" => item.todo.created_at = item.todo.created_at.or_else(|| instant(value)),
            "X-STACK-CREATED" => item.todo.created_at = value.parse().ok().map(Timestamp),
            "RELATED-TO" => match property.param("RELTYPE").map(str::to_ascii_uppercase).as_deref() {
                None | Some("PARENT" | "") => self.parent = Some(value.to_owned()),
                Some("CHILD") => self.children.push(value.to_owned()),
                Some(_) => item.keep(line, "Related to", value, problems),
            },
            "X-APPLE-SORT-ORDER" => self.order = value.parse().ok(),
            "CATEGORIES" => item.keep(line, "Tags", &property.items().join("; "), problems),
            "RESOURCES" => item.keep(line, "Resources", &property.items().join("; "), problems),
            "PRIORITY" if value == "0" => {}
            "CLASS" if value.eq_ignore_ascii_case("PUBLIC") => {}
            "ATTACH" if property.param("ENCODING").is_some() => {
                let text =
                    property.param("FILENAME").or(property.param("X-FILENAME")).unwrap_or(&item.todo.title);
                problems.push(Problem { line, what: What::Attachment, text: text.to_owned() });
            }
            "X-OC-HIDESUBTASKS" => {
                problems.push(Problem { line, what: What::Setting, text: property.name });
            }
            // Housekeeping between programs.
            "DTSTAMP" | "SEQUENCE" | "X-MOZ-GENERATION" | "X-MOZ-LASTACK" => {}
            name => {
                let label = label(name);
                item.keep(line, label.unwrap_or(name), &format!("{value}{}", property.details()), problems);
            }
        }
    }

    fn finish(&mut self, done: Done, place: &Place<'_>, problems: &mut Vec<Problem>) {
        let item = &mut self.item;
        let line = item.todo.line;
        let is_done = match done.status.as_str() {
            "COMPLETED" | "CANCELLED" => true,
            "" => done.at.is_some() || done.exact.is_some() || done.percent == Some(100),
            _ => false,
        };
        if is_done {
            item.todo.done_at = done.exact.or(done.at).or(done.changed).or_else(|| dates::noon(place.today));
            if done.exact.or(done.at).or(done.changed).is_none() {
                let text = item.todo.title.clone();
                problems.push(Problem { line, what: What::DoneSometime, text });
            }
        }
        if !matches!(done.status.as_str(), "" | "COMPLETED" | "NEEDS-ACTION") {
            item.keep(line, "Status", &done.status.to_lowercase(), problems);
        }
        if let Some(percent) = done.percent.filter(|percent| !matches!(percent, 0 | 100)) {
            item.keep(line, "Done", &format!("{percent} %"), problems);
        }
    }
}

/// What people call a property.
fn label(name: &str) -> Option<&'static str> {
    Some(match name {
        "PRIORITY" => "Priority (1 to 9)",
        "DTSTART" => "Starts",
        "DURATION" => "Duration",
        "RRULE" => "Repeats",
        "RDATE" => "Repeats on",
        "EXDATE" => "Does not repeat on",
        "RECURRENCE-ID" => "Instead of the repetition on",
        "VALARM" => "Reminder",
        "LOCATION" => "Location",
        "GEO" => "Coordinates",
        "URL" => "Link",
        "ATTACH" => "Attachment",
        "COMMENT" => "Comment",
        "CONTACT" => "Contact",
        "ORGANIZER" => "Organiser",
        "ATTENDEE" => "Attendee",
        "CLASS" => "Visibility",
        _ => return None,
    })
}

/// A date is a day; a time of day goes into the notes. With a zone, or with none, the day is the one
/// written; an instant in UTC is on the user's own day.
fn due(item: &mut Item, property: &Property, place: &Place<'_>, problems: &mut Vec<Problem>) {
    let value = property.value.trim();
    let day = date(value).map(|date| match instant(value).filter(|_| value.ends_with(['Z', 'z'])) {
        Some(instant) => Some((place.day_of)(instant)),
        None => Day::new(date.year(), date.month(), date.day()),
    });
    let Some(day) = day.flatten() else {
        let text = item.remember("Due", value);
        problems.push(Problem { line: property.line, what: What::DateUnclear, text });
        return;
    };
    item.todo.due = Some(day);
    if let Some((_, time)) = value.split_once(['T', 't']) {
        let (hour, minute) = (time.get(..2).unwrap_or_default(), time.get(2..4).unwrap_or_default());
        let utc = time.ends_with(['Z', 'z']).then_some("UTC");
        let zone = property.param("TZID").or(utc).map(|zone| format!(" ({zone})")).unwrap_or_default();
        item.keep(property.line, "Due at", &format!("{hour}:{minute}{zone}"), problems);
    }
}

/// The date at the beginning of `20261123` or `20261123T170000Z`.
fn date(value: &str) -> Option<civil::Date> {
    let digits = value.get(..8).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    if !matches!(value.get(8..9), None | Some("T" | "t")) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i16>().ok();
    let (month, day) = (i8::try_from(part(4..6)?).ok()?, i8::try_from(part(6..8)?).ok()?);
    civil::Date::new(part(0..4)?, month, day).ok()
}

/// The instant of `20261123T170000Z`. Programs that leave the `Z` out mean UTC by it in the properties that
/// this is used for, since those are in UTC by definition.
fn instant(value: &str) -> Option<Timestamp> {
    let date = date(value)?;
    let time = value.get(9..15).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let part = |range: std::ops::Range<usize>| time?.get(range)?.parse::<i8>().ok();
    let (hour, minute, second) = (part(0..2)?, part(2..4)?, part(4..6)?);
    dates::utc(date.to_datetime(civil::Time::new(hour, minute, second.min(59), 0).ok()?))
}

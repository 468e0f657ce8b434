//! Lists as iCalendar, for other programs and for Stack itself.

use std::fmt::Write;

use jiff::Timestamp as Instant;

use crate::{
    model::{List, Todo},
    time::Timestamp,
    transfer::{draft, json::tops},
};

/// Says that a calendar was written by this program.
pub(super) const PRODID: &str = "-//Stack//Stack//EN";

/// The lists with their todos as iCalendar text, one calendar a list. Deleted todos are left out. What
/// iCalendar has no place for stands in properties of Stack's own, which other programs leave alone.
/// `now` is the time of the export.
#[must_use]
pub fn export_ical(lists: &[(List, Vec<Todo>)], now: Timestamp) -> String {
    let mut out = String::new();
    for (list, todos) in lists {
        property(&mut out, "BEGIN", "VCALENDAR");
        property(&mut out, "VERSION", "2.0");
        property(&mut out, "PRODID", PRODID);
        let plain = super::one_line(&list.title);
        text(&mut out, "X-WR-CALNAME", &plain);
        if plain != list.title {
            exact(&mut out, "X-STACK-CALNAME", &list.title);
        }
        property(&mut out, "COLOR", list.colour.name());
        property(&mut out, "X-STACK-CREATED", &list.created_at.0.to_string());
        if list.archived {
            property(&mut out, "X-STACK-ARCHIVED", "TRUE");
        }
        for (todo, subtasks) in tops(todos) {
            task(&mut out, todo, None, now);
            for subtask in subtasks {
                task(&mut out, subtask, Some(todo), now);
            }
        }
        property(&mut out, "END", "VCALENDAR");
    }
    out
}

fn task(out: &mut String, todo: &Todo, parent: Option<&Todo>, now: Timestamp) {
    property(out, "BEGIN", "VTODO");
    property(out, "UID", &todo.id.to_string());
    property(out, "DTSTAMP", &utc(now));
    property(out, "CREATED", &utc(todo.created_at));
    property(out, "X-STACK-CREATED", &todo.created_at.0.to_string());
    let title = super::one_line(&todo.title);
    text(out, "SUMMARY", &title);
    if title != todo.title {
        exact(out, "X-STACK-SUMMARY", &todo.title);
    }
    let notes = draft::clean(&todo.notes).0;
    if !notes.is_empty() {
        text(out, "DESCRIPTION", &notes);
    }
    if notes != todo.notes || notes.trim_end() != notes {
        exact(out, "X-STACK-DESCRIPTION", &todo.notes);
    }
    if let Some(due) = todo.due {
        property(out, "DUE;VALUE=DATE", &due.to_string().replace('-', ""));
    }
    if let Some(done_at) = todo.done_at {
        property(out, "STATUS", "COMPLETED");
        property(out, "PERCENT-COMPLETE", "100");
        property(out, "COMPLETED", &utc(done_at));
        property(out, "X-STACK-COMPLETED", &done_at.0.to_string());
    }
    if let Some(parent) = parent {
        property(out, "RELATED-TO", &parent.id.to_string());
    }
    property(out, "END", "VTODO");
}

/// An instant as iCalendar has it, to the second; the epoch for one that it can't express.
fn utc(at: Timestamp) -> String {
    let instant = Instant::from_millisecond(at.0).unwrap_or_default();
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A property whose value is text.
fn text(out: &mut String, name: &str, value: &str) {
    let escaped = value.replace('\\', r"\\").replace('\n', r"\n").replace(',', r"\,").replace(';', r"\;");
    property(out, name, &escaped);
}

/// A property of Stack's own for text that iCalendar can't hold as it is: as a JSON string.
fn exact(out: &mut String, name: &str, value: &str) {
    let json = serde_json::Value::from(value).to_string();
    // JSON leaves some control characters as they are.
    let escaped =
        json.chars().map(|c| if c.is_control() { format!("\\u{:04x}", u32::from(c)) } else { c.into() });
    text(out, name, &escaped.collect::<String>());
}

/// One content line, folded at 75 bytes.
fn property(out: &mut String, name: &str, value: &str) {
    const LINE_BYTES: usize = 75;
    let mut length = 0;
    let _ = write!(out, "{name}:");
    length += name.len() + 1;
    for c in value.chars() {
        if length + c.len_utf8() > LINE_BYTES {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
}

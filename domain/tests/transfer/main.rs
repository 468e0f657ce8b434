//! Importing and exporting files: as other programs write them, odd on purpose, and Stack's own.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod ical;
mod odd;
mod plan;
mod round_trip;
mod todoist;
mod todotxt;

use std::{fmt::Write, path::Path};

use domain::{
    colour::Colour,
    time::{Day, Timestamp},
    transfer::{self, Parsed, ParsedTodo, ReadError},
};

/// 2026-11-23.
fn today() -> Day {
    "2026-11-23".parse().unwrap()
}

/// The day in a zone one hour ahead of UTC.
fn day_of(at: Timestamp) -> Day {
    let days = (at.0 + 3_600_000).div_euclid(86_400_000);
    "1970-01-01".parse::<Day>().unwrap().plus_days(i32::try_from(days).unwrap()).unwrap()
}

fn read(bytes: &[u8], name: &str) -> Result<Parsed, ReadError> {
    transfer::read(bytes, name, today(), &day_of)
}

/// A file of `tests/files`.
fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)).unwrap()
}

/// Reads a file of `tests/files` under a name.
fn check(file_name: &str, name: &str, expected: &str) {
    let outline = outline(&read(&file(file_name), name).unwrap());
    assert_eq!(outline.trim_end(), expected.trim());
}

/// What was read, one todo or problem a line.
fn outline(parsed: &Parsed) -> String {
    let mut out = String::new();
    for list in &parsed.lists {
        let colour = if list.colour == Colour::default() { "" } else { list.colour.name() };
        let archived = if list.archived { "archived" } else { "" };
        writeln!(out, "{}", format!("# {} {colour} {archived}", list.title).trim_end()).unwrap();
        for todo in &list.todos {
            line(&mut out, "", todo);
            todo.subtasks.iter().for_each(|subtask| line(&mut out, "  ", subtask));
        }
    }
    for problem in &parsed.problems {
        writeln!(out, "{}{problem}", if problem.what.is_taken() { "~ " } else { "! " }).unwrap();
    }
    out
}

fn line(out: &mut String, indent: &str, todo: &ParsedTodo) {
    write!(out, "{indent}[{}] {}", if todo.done_at.is_some() { "x" } else { " " }, todo.title).unwrap();
    if let Some(done) = todo.done_at {
        write!(out, " | done {}", day_of(done)).unwrap();
    }
    if let Some(due) = todo.due {
        write!(out, " | due {due}").unwrap();
    }
    if let Some(created) = todo.created_at {
        write!(out, " | made {}", day_of(created)).unwrap();
    }
    if !todo.notes.is_empty() {
        write!(out, " | {:?}", todo.notes).unwrap();
    }
    out.push('\n');
}

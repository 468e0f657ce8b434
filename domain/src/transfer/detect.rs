//! What kind of file this is, by its content first and its name second.

use super::{FILE_TODOS, Problem, ReadError, decode, todoist};

/// The formats that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Stack's own JSON export.
    Stack,
    /// iCalendar (RFC 5545).
    ICalendar,
    /// The CSV export of a Todoist project.
    Todoist,
    /// todo.txt.
    TodoTxt,
}

impl Format {
    /// The name that people know it by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stack => "Stack export",
            Self::ICalendar => "iCalendar",
            Self::Todoist => "Todoist CSV",
            Self::TodoTxt => "todo.txt",
        }
    }
}

/// What the first bytes of some files give away.
const BINARY: &[(&[u8], &str)] = &[
    (b"\x89PNG", "a PNG picture"),
    (b"\xFF\xD8\xFF", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive; unpack it and import the files in it"),
    (b"\x1F\x8B", "a gzip archive; unpack it and import the file in it"),
    (b"SQLite format 3", "a database"),
];

/// Things to tell about a file; one with more of them is something else.
const PROBLEMS: usize = 5 * FILE_TODOS;
/// How much of the file's beginning is looked at to tell text from other bytes.
const SAMPLE: usize = 8_192;

pub(super) fn format(bytes: &[u8], text: &[u8], file_name: &str) -> Result<Format, ReadError> {
    if let Some((_, kind)) = BINARY.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(ReadError::NotText(Some(kind)));
    }
    let start = text.trim_ascii_start();
    if start.is_empty() {
        return Err(ReadError::Empty);
    }
    let sample = text.get(..SAMPLE).unwrap_or(text);
    let odd = sample.iter().filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()).count();
    if odd * 10 > sample.len() {
        return Err(ReadError::NotText(None));
    }

    let line = decode::lines(start).next().map(|(_, line)| line).unwrap_or_default();
    let begins = |word: &[u8]| line.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let name = file_name.to_ascii_lowercase();
    if begins(b"BEGIN:V") {
        Ok(Format::ICalendar)
    } else if start.starts_with(b"{") {
        Ok(Format::Stack)
    } else if todoist::delimiter(line).is_some() {
        Ok(Format::Todoist)
    } else if name.ends_with(".csv") {
        Err(ReadError::NotTodoist(decode::line(line).0.chars().take(200).collect()))
    } else if name.ends_with(".txt") || name.ends_with(".todo") || !name.contains('.') {
        Ok(Format::TodoTxt)
    } else {
        Err(ReadError::UnknownFormat)
    }
}

/// Whether a file with so many problems can still be what it was taken for.
pub(super) fn sane(problems: &[Problem]) -> Result<(), ReadError> {
    if problems.len() > PROBLEMS { Err(ReadError::UnknownFormat) } else { Ok(()) }
}

/// Counts one more todo, up to the limit of a file.
pub(super) fn count(todos: &mut usize) -> Result<(), ReadError> {
    *todos += 1;
    if *todos > FILE_TODOS { Err(ReadError::TooManyTodos) } else { Ok(()) }
}

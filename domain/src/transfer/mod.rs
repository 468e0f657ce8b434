//! Reading other programs' files into lists, and writing Stack's own.
//!
//! [`read`] takes a file's bytes and says, line by line, what it could not take as it was; [`plan`] turns
//! what was read into batches of actions. Both always give the same result for the same input, so an import that
//! was broken off is continued by doing all of it again.

mod dates;
mod decode;
mod detect;
mod draft;
mod fit;
mod ical;
mod json;
mod plan;
mod problem;
mod todoist;
mod todotxt;

use sha2::{Digest, Sha256};

use crate::{
    colour::Colour,
    time::{Day, Timestamp},
};

pub use detect::Format;
pub use ical::export_ical;
pub use json::export_json;
pub use plan::{Target, plan};
pub use problem::{Problem, ReadError, What};

/// Bytes of a file that can be imported.
pub const FILE_BYTES: usize = 20_000_000;
/// Todos, subtasks included, of a file that can be imported.
pub const FILE_TODOS: usize = 100_000;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What the file was taken for.
    pub format: Format,
    /// The lists, in the file's order.
    pub lists: Vec<ParsedList>,
    /// What was not taken as it stands in the file, in the order of the lines.
    pub problems: Vec<Problem>,
    /// Stands for the file's content; the ids of what is imported derive from it.
    pub fingerprint: [u8; 32],
}

impl Parsed {
    /// How many todos there are, subtasks included.
    #[must_use]
    pub fn todo_count(&self) -> usize {
        self.lists.iter().map(ParsedList::todo_count).sum()
    }
}

/// A list in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedList {
    /// Its name; never empty, and within the limit.
    pub title: String,
    /// Its colour; the default one where the file names none.
    pub colour: Colour,
    /// Whether it is put away.
    pub archived: bool,
    /// When it was made, where the file says so.
    pub created_at: Option<Timestamp>,
    /// Its top-level todos in order.
    pub todos: Vec<ParsedTodo>,
}

impl ParsedList {
    /// How many todos there are, subtasks included.
    #[must_use]
    pub fn todo_count(&self) -> usize {
        self.todos.iter().map(|todo| 1 + todo.subtasks.len()).sum()
    }
}

/// A todo in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedTodo {
    /// The line on which it begins; 0 where the format has no lines of its own.
    pub line: usize,
    /// Never empty, and within the limit.
    pub title: String,
    /// Markdown, within the limit.
    pub notes: String,
    /// When it was ticked off, if it was.
    pub done_at: Option<Timestamp>,
    /// The day it is due.
    pub due: Option<Day>,
    /// When it was made, where the file says so.
    pub created_at: Option<Timestamp>,
    /// Its subtasks in order; they have none of their own.
    pub subtasks: Vec<ParsedTodo>,
}

/// What a reader needs to know about the day and the place.
pub(crate) struct Place<'a> {
    /// The day from which `tomorrow` and the like count.
    today: Day,
    /// The user's day at an instant.
    day_of: &'a dyn Fn(Timestamp) -> Day,
}

/// What a reader hands over: lists whose texts may still be over the limits, and what it has to tell.
#[derive(Default)]
pub(crate) struct Draft {
    lists: Vec<ParsedList>,
    problems: Vec<Problem>,
}

/// Reads a file. `file_name` gives a list its name where the file has none. `today` is the day from which
/// `tomorrow` and the like count, and `day_of` the user's day at an instant; take the day on which the
/// file was saved for `today`, so that the file reads the same on another day.
///
/// # Errors
/// The file as a whole can't be taken; see [`ReadError`].
pub fn read(
    bytes: &[u8],
    file_name: &str,
    today: Day,
    day_of: &dyn Fn(Timestamp) -> Day,
) -> Result<Parsed, ReadError> {
    if bytes.len() > FILE_BYTES {
        return Err(ReadError::TooLarge);
    }
    let text = decode::utf8(bytes);
    let format = detect::format(bytes, &text, file_name)?;
    let place = Place { today, day_of };
    let draft = match format {
        Format::Stack => json::read(&text)?,
        Format::ICalendar => ical::read(&text, file_name, &place)?,
        Format::Todoist => todoist::read(&text, file_name, &place)?,
        Format::TodoTxt => todotxt::read(&text, file_name, &place)?,
    };
    let mut draft = fit::fit(draft)?;
    if draft.lists.is_empty() && draft.problems.is_empty() {
        return Err(ReadError::NothingInIt);
    }
    draft.problems.sort_by_key(|problem| problem.line);
    let fingerprint = Sha256::digest(bytes).into();
    Ok(Parsed { format, lists: draft.lists, problems: draft.problems, fingerprint })
}

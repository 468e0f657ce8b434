//! What an import has to tell: per line, or about the file as a whole.

use std::fmt;

use super::{FILE_BYTES, FILE_TODOS};
use crate::limits::LISTS_PER_USER;

/// Something in the file that was not taken as it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line in the file, from 1; 0 where the format has no lines of its own.
    pub line: usize,
    /// What became of it.
    pub what: What,
    /// The words of the file that it is about.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        f.write_str(self.what.message())?;
        if self.text.is_empty() {
            return Ok(());
        }
        // A file's words may not steer the terminal that shows them.
        let shown = self.text.chars().flat_map(|c| {
            let (escaped, plain) =
                if c.is_control() { (Some(c.escape_default()), None) } else { (None, Some(c)) };
            escaped.into_iter().flatten().chain(plain)
        });
        write!(f, " ({})", shown.collect::<String>())
    }
}

macro_rules! whats {
    ($($(#[$doc:meta])* $variant:ident = $taken:literal: $message:literal),+ $(,)?) => {
        /// What became of something that was not taken as it stands in the file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum What {
            $($(#[$doc])* $variant),+
        }

        impl What {
            /// Every one there is.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Whether it was imported in some form; otherwise it was left out.
            #[must_use]
            pub const fn is_taken(self) -> bool {
                match self { $(Self::$variant => $taken),+ }
            }

            /// A sentence for people, without a full stop.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message),+ }
            }
        }
    };
}

whats! {
    /// A field that Stack has no place for.
    KeptInNotes = true: "Stack has no field for this: kept in the notes",
    /// A mark in a todo.txt line that other programs act on.
    KeptInTitle = true: "Stack does not act on this: kept in the title",
    /// A date in words or with a time, taken as a day.
    DateTaken = true: "taken as a day, with its words kept in the notes",
    /// A date that could mean several days or none.
    DateUnclear = true: "this is no certain day: kept as words, without a due date",
    /// Done, but the file does not say when.
    DoneSometime = true: "done, but the file does not say when: taken as the day of the file",
    /// Nested deeper than one level.
    Flattened = true: "nested deeper than subtasks go: put under the top todo, its place kept in the notes",
    /// Its parent is not in the file, or its parents go round in a circle.
    NoParent = true: "the todo that it belongs under is not there: taken as a todo of its own",
    /// No title.
    Untitled = true: "had no title: called “Untitled”",
    /// A title of several lines.
    TitleLines = true: "a title has one line: the other lines were put into the notes",
    /// A title over the limit.
    TitleCut = true: "longer than a title can be: cut, with the whole of it in the notes",
    /// A list's title over the limit.
    ListTitleCut = true: "longer than a list's name can be: cut",
    /// Notes over the limit.
    NotesSplit = true: "longer than notes can be: the rest was put into subtasks",
    /// More todos than a list holds.
    ListSplit = true: "more todos than a list can hold: split into several lists",
    /// Characters that text should not have.
    ControlCharacters = true: "control characters were taken out",
    /// Bytes that are not UTF-8.
    NotUtf8 = true: "not UTF-8: read as Windows-1252",
    /// The end of the file is missing.
    CutOff = true: "the file breaks off here: taken as far as it goes",
    /// More or fewer columns than the heading has.
    Columns = true: "not as many columns as in the heading: taken as far as it goes",
    /// An appointment, a journal entry, a comment on no task.
    NotATodo = false: "not a todo: left out",
    /// A setting of the program that wrote the file.
    Setting = false: "a setting of the other program: left out",
    /// A file inside the file.
    Attachment = false: "an attached file: left out",
    /// A section with nothing in it.
    EmptySection = false: "a section without todos: left out",
    /// A line that makes no sense in this format.
    Unreadable = false: "makes no sense in this format: left out",
}

/// Why a file can't be imported at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Over [`FILE_BYTES`].
    #[error("This file is larger than {} MB, which is the most that can be imported at once.", FILE_BYTES / 1_000_000)]
    TooLarge,
    /// Over [`FILE_TODOS`].
    #[error("This file has more than {FILE_TODOS} todos, which is the most that can be imported at once.")]
    TooManyTodos,
    /// More lists than a user can have.
    #[error("This file has more than {LISTS_PER_USER} lists, which is as many as there can be.")]
    TooManyLists,
    /// Nothing but white space.
    #[error("This file is empty.")]
    Empty,
    /// The right format, but without todos.
    #[error("There are no todos in this file.")]
    NothingInIt,
    /// Not text. The field says what it looks like, where that is known.
    #[error("This is not a text file{}.", .0.map(|kind| format!(" but {kind}")).unwrap_or_default())]
    NotText(Option<&'static str>),
    /// Text, but in none of the formats.
    #[error(
        "This is not a file that Stack can read. It reads Todoist's CSV export, todo.txt, \
         iCalendar with tasks, and Stack's own export."
    )]
    UnknownFormat,
    /// A CSV file without Todoist's heading.
    #[error("This CSV file does not have Todoist's heading (TYPE, CONTENT, …). Its first line is: {0}")]
    NotTodoist(String),
    /// JSON that is not Stack's export, or is damaged.
    #[error("This is not a whole Stack export: line {line}, column {column}: {message}")]
    BadJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// An export of a later Stack.
    #[error("This export has format version {0}, which this version of Stack does not know yet.")]
    NewerVersion(u64),
}

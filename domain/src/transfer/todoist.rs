//! The CSV that Todoist writes for a project: rows of tasks, sections and notes, nested by their INDENT.

use std::collections::HashMap;

use csv::StringRecord;
use serde::Deserialize;

use super::{
    Draft, ParsedList, Place, Problem, ReadError, What, dates, decode, detect,
    draft::{self, Item},
};
use crate::limits::TITLE_CHARS;

/// The columns that are read or known to mean nothing for a todo. Others are kept in the notes.
const COLUMNS: [&str; 17] = [
    "TYPE",
    "CONTENT",
    "DESCRIPTION",
    "IS_COLLAPSED",
    "PRIORITY",
    "INDENT",
    "AUTHOR",
    "RESPONSIBLE",
    "DATE",
    "DUE_DATE",
    "DATE_LANG",
    "DUE_DATE_LANG",
    "TIMEZONE",
    "DURATION",
    "DURATION_UNIT",
    "DEADLINE",
    "DEADLINE_LANG",
];

/// What separates the columns, where this line is Todoist's heading. Spreadsheets save it with another
/// separator than Todoist writes.
pub(super) fn delimiter(heading: &[u8]) -> Option<u8> {
    let heading = decode::line(heading).0.to_ascii_uppercase().replace('"', "");
    [b',', b';', b'\t'].into_iter().find(|&delimiter| {
        let mut columns = heading.split(char::from(delimiter)).map(str::trim);
        columns.next() == Some("TYPE") && columns.any(|column| column == "CONTENT")
    })
}

/// A list's name from the file's: `Work [2203306141].csv` is `Work`.
pub(super) fn list_title(file_name: &str) -> String {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| if stem.is_empty() { base } else { stem });
    let name = match stem.rsplit_once('[') {
        Some((name, id)) if id.strip_suffix(']').is_some_and(|id| id.chars().all(char::is_alphanumeric)) => {
            name
        }
        _ => stem,
    };
    let name = draft::clean(name).0.replace('\n', " ");
    if name.trim().is_empty() { "Imported".to_owned() } else { name.trim().to_owned() }
}

/// Reads the rows as one list.
pub(super) fn read(bytes: &[u8], file_name: &str, place: &Place<'_>) -> Result<Draft, ReadError> {
    let mut problems = Vec::new();
    let text = text(bytes, &mut problems);
    let heading =
        decode::lines(text.trim_start().as_bytes()).next().map(|(_, line)| line).unwrap_or_default();
    let delimiter = delimiter(heading).unwrap_or(b',');
    let mut csv = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let columns = Columns::new(&csv.headers().cloned().unwrap_or_default());

    let starts = line_starts(&text);
    let mut rows =
        Rows { place, items: Vec::new(), open: Vec::new(), section: None, authors: Vec::new(), problems };
    let mut count = 0;
    let mut last = 0;
    for record in csv.into_records().map_while(Result::ok) {
        let byte = record.position().map_or(0, csv::Position::byte);
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        // The position may lie before the rest of a line end, and before empty lines.
        let ends = text.as_bytes().iter().skip(byte).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let byte = byte.saturating_add(ends);
        let line = starts.partition_point(|start| *start <= byte);
        last = byte;
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        detect::count(&mut count)?;
        detect::sane(&rows.problems)?;
        rows.read(&Row { record: &record, columns: &columns, line });
    }
    if text.get(last..).is_some_and(|tail| tail.matches('"').count() % 2 == 1) {
        let line = starts.partition_point(|start| *start <= last);
        rows.problems.push(Problem { line, what: What::CutOff, text: String::new() });
    }
    Ok(rows.finish(file_name))
}

/// The whole file as text; lines that are not UTF-8 are told about.
fn text(bytes: &[u8], problems: &mut Vec<Problem>) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut text = String::with_capacity(bytes.len());
    for (number, raw) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let (line, foreign) = decode::line(raw);
        if foreign {
            problems.push(Problem {
                line: number + 1,
                what: What::NotUtf8,
                text: line.trim_end().to_owned(),
            });
        }
        text.push_str(&line);
    }
    text
}

/// Where each line starts, however the lines end.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(index, byte)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(index + 1) != Some(&b'\n'),
        _ => false,
    });
    std::iter::once(0).chain(ends.map(|(index, _)| index + 1)).collect()
}

/// The heading.
struct Columns {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Columns {
    fn new(heading: &StringRecord) -> Self {
        let names: Vec<_> = heading.iter().map(|name| name.trim().to_ascii_uppercase()).collect();
        let mut places = HashMap::new();
        for (place, name) in names.iter().enumerate() {
            places.entry(name.clone()).or_insert(place);
        }
        Self { names, places }
    }
}

/// One row, by the names of its columns.
struct Row<'a> {
    record: &'a StringRecord,
    columns: &'a Columns,
    line: usize,
}

impl Row<'_> {
    fn get(&self, column: &str) -> &str {
        let at = self.columns.places.get(column);
        at.and_then(|at| self.record.get(*at)).map(str::trim).unwrap_or_default()
    }

    /// The values of columns that are not Todoist's.
    fn unknown(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = self.columns.names.iter().map(String::as_str).zip(self.record);
        named.filter(|(name, value)| !value.trim().is_empty() && !COLUMNS.contains(name))
    }

    fn first(&self, column: &str, older: &str) -> &str {
        let value = self.get(column);
        if value.is_empty() { self.get(older) } else { value }
    }
}

/// The list as far as it was read.
struct Rows<'a> {
    place: &'a Place<'a>,
    items: Vec<Item>,
    /// The latest task at each level of indentation.
    open: Vec<usize>,
    /// The section's name and line, and whether a task was in it.
    section: Option<(String, usize, bool)>,
    authors: Vec<(String, usize)>,
    problems: Vec<Problem>,
}

impl Rows<'_> {
    fn read(&mut self, row: &Row<'_>) {
        let content = row.get("CONTENT");
        match row.get("TYPE").to_ascii_lowercase().as_str() {
            "task" => self.task(row),
            "section" => {
                self.end_section(Some((content.chars().take(TITLE_CHARS).collect(), row.line, false)))
            }
            "note" => self.note(row),
            "meta" => self.tell(row.line, What::Setting, content),
            _ => self.tell(row.line, What::Unreadable, &row.record.iter().collect::<Vec<_>>().join(",")),
        }
        let (have, want) = (row.record.len(), row.columns.names.len());
        if have < want || row.record.iter().skip(want).any(|field| !field.trim().is_empty()) {
            let more = row.record.iter().skip(want).collect::<Vec<_>>().join(",");
            self.tell(row.line, What::Columns, &more);
            if let Some(item) = self.items.last_mut().filter(|_| !more.is_empty()) {
                item.remember("More columns", &more);
            }
        }
    }

    fn task(&mut self, row: &Row<'_>) {
        let mut item = Item::new(row.line, row.get("CONTENT"), row.get("DESCRIPTION"), &mut self.problems);
        let line = row.line;
        let problems = &mut self.problems;
        if let Some((section, _, used)) = &mut self.section {
            *used = true;
            item.remember("Section", section);
        }
        due(&mut item, row, self.place, problems);
        let priority = row.get("PRIORITY");
        if !matches!(priority, "" | "4") {
            item.keep(line, "Priority", &format!("p{priority}"), problems);
        }
        let duration = format!("{} {}", row.get("DURATION"), row.get("DURATION_UNIT"));
        if !matches!(duration.trim(), "" | "None") {
            item.keep(line, "Duration", &duration, problems);
        }
        if !row.get("RESPONSIBLE").is_empty() {
            item.keep(line, "Assigned to", row.get("RESPONSIBLE"), problems);
        }
        for (name, value) in row.unknown() {
            item.keep(line, name, value, problems);
        }
        if row.get("IS_COLLAPSED").eq_ignore_ascii_case("true") {
            self.problems.push(Problem { line, what: What::Setting, text: "IS_COLLAPSED".to_owned() });
        }
        if !row.get("AUTHOR").is_empty() {
            self.authors.push((row.get("AUTHOR").to_owned(), self.items.len()));
        }

        let level = row.get("INDENT").parse::<usize>().unwrap_or(1).saturating_sub(1);
        if level > self.open.len() {
            self.tell(line, What::NoParent, row.get("CONTENT"));
        }
        self.open.truncate(level);
        item.parent = self.open.last().copied();
        self.open.push(self.items.len());
        self.items.push(item);
    }

    /// A comment goes into the notes of the task above it.
    fn note(&mut self, row: &Row<'_>) {
        let (text, attached) = attachment(row.get("CONTENT"));
        let Some(item) = self.items.last_mut().filter(|_| !self.open.is_empty()) else {
            self.tell(row.line, What::NotATodo, &text);
            return;
        };
        let by = [row.get("AUTHOR"), row.get("DATE")].into_iter().filter(|part| !part.is_empty());
        let by = by.collect::<Vec<_>>().join(", ");
        let label = if by.is_empty() { "Comment".to_owned() } else { format!("Comment ({by})") };
        if attached {
            item.keep(row.line, &label, &text, &mut self.problems);
        } else {
            item.remember(&label, &text);
        }
    }

    fn end_section(&mut self, next: Option<(String, usize, bool)>) {
        if let Some((title, line, used)) = self.section.take() {
            self.tell(
                line,
                if used { What::KeptInNotes } else { What::EmptySection },
                &format!("Section: {title}"),
            );
        }
        self.section = next;
        // What follows a section's heading belongs under no task before it.
        self.open.clear();
    }

    fn tell(&mut self, line: usize, what: What, text: &str) {
        self.problems.push(Problem { line, what, text: text.to_owned() });
    }

    fn finish(mut self, file_name: &str) -> Draft {
        self.end_section(None);
        match self.authors.split_first() {
            // The author of everything is whoever exported it.
            Some(((only, _), rest)) if rest.iter().all(|(author, _)| author == only) => {
                let text = format!("AUTHOR: {only}");
                self.tell(1, What::Setting, &text);
            }
            _ => {
                for (author, index) in std::mem::take(&mut self.authors) {
                    let Some(item) = self.items.get_mut(index) else { continue };
                    let line = item.todo.line;
                    item.keep(line, "Author", &author, &mut self.problems);
                }
            }
        }
        let todos = draft::tree(self.items, &mut self.problems);
        let list = ParsedList { title: list_title(file_name), todos, ..ParsedList::default() };
        Draft { lists: vec![list], problems: self.problems }
    }
}

/// Takes the due date; a deadline stands in where there is no date.
fn due(item: &mut Item, row: &Row<'_>, place: &Place<'_>, problems: &mut Vec<Problem>) {
    let (date, deadline) = (row.first("DATE", "DUE_DATE"), row.get("DEADLINE"));
    let line = row.line;
    if !date.is_empty() {
        let zone = row.get("TIMEZONE");
        let words = if zone.is_empty() { date.to_owned() } else { format!("{date} ({zone})") };
        match dates::words(date, place.today) {
            Some(found) => {
                item.todo.due = Some(found.day);
                if !found.whole {
                    let text = item.remember("Date", &words);
                    let text = format!("{text}: {}", found.day);
                    problems.push(Problem { line, what: What::DateTaken, text });
                }
            }
            None => {
                let text = item.remember("Date", &words);
                problems.push(Problem { line, what: What::DateUnclear, text });
            }
        }
    }
    if deadline.is_empty() {
        return;
    }
    let day = dates::words(deadline, place.today).map(|found| found.day);
    if item.todo.due.is_none() && day.is_some() {
        item.todo.due = day;
    }
    item.keep(line, "Deadline", deadline, problems);
}

/// A comment's text with Todoist's mark for an attached file as a Markdown link, and whether there was one.
fn attachment(content: &str) -> (String, bool) {
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        file_name: String,
        file_url: String,
    }
    let found = content.rsplit_once("[[file ").and_then(|(text, mark)| {
        let file: File = serde_json::from_str(mark.trim_end().strip_suffix("]]")?).ok()?;
        let name = if file.file_name.is_empty() { &file.file_url } else { &file.file_name };
        Some(format!("{} [{name}]({})", text.trim_end(), file.file_url).trim().to_owned())
    });
    found.map_or_else(|| (content.to_owned(), false), |text| (text, true))
}

//! Stack's own export: JSON with a format version, everything a list holds, in order.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Draft, ParsedList, ParsedTodo, ReadError, decode, detect};
use crate::{
    colour::Colour,
    id::TodoId,
    model::{List, Todo},
    time::{Day, Timestamp},
};

const FORMAT: &str = "stack";
const VERSION: u64 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    format: String,
    version: u64,
    exported_at: Timestamp,
    lists: Vec<FileList>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FileList {
    title: String,
    colour: Colour,
    archived: bool,
    created_at: Timestamp,
    todos: Vec<FileTodo>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FileTodo {
    title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    notes: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    done_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<Day>,
    created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    subtasks: Vec<FileSubtask>,
}

/// A type of its own, so that the format can't nest deeper.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FileSubtask {
    title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    notes: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    done_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<Day>,
    created_at: Timestamp,
}

/// What every version of the format begins with.
#[derive(Deserialize)]
struct Heading {
    format: String,
    version: u64,
}

/// Reads an export whole or not at all: Stack wrote it, so anything unexpected in it is damage.
pub(super) fn read(bytes: &[u8]) -> Result<Draft, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (line, start) =
            decode::lines(bytes.get(..error.valid_up_to()).unwrap_or_default()).last().unwrap_or((1, b""));
        ReadError::BadJson { line, column: start.len() + 1, message: "not UTF-8".to_owned() }
    })?;
    match serde_json::from_str::<Heading>(text) {
        Ok(heading) if heading.format != FORMAT => return Err(ReadError::UnknownFormat),
        Ok(heading) if heading.version > VERSION => return Err(ReadError::NewerVersion(heading.version)),
        // JSON of another program; damaged JSON is told about below, with its place.
        Err(error) if error.is_data() => return Err(ReadError::UnknownFormat),
        _ => {}
    }
    let file: File = serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let message =
            message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message).to_owned();
        ReadError::BadJson { line: error.line(), column: error.column(), message }
    })?;
    let mut count = 0;
    let mut lists = Vec::with_capacity(file.lists.len());
    for list in file.lists {
        let mut todos = Vec::with_capacity(list.todos.len());
        for todo in list.todos {
            detect::count(&mut count)?;
            let mut subtasks = Vec::with_capacity(todo.subtasks.len());
            for FileSubtask { title, notes, done_at, due, created_at } in todo.subtasks {
                detect::count(&mut count)?;
                let created_at = Some(created_at);
                subtasks.push(ParsedTodo { title, notes, done_at, due, created_at, ..ParsedTodo::default() });
            }
            let FileTodo { title, notes, done_at, due, created_at, .. } = todo;
            todos.push(ParsedTodo {
                line: 0,
                title,
                notes,
                done_at,
                due,
                created_at: Some(created_at),
                subtasks,
            });
        }
        let FileList { title, colour, archived, created_at, .. } = list;
        lists.push(ParsedList { title, colour, archived, created_at: Some(created_at), todos });
    }
    Ok(Draft { lists, problems: Vec::new() })
}

/// The lists with their todos as JSON text. Deleted todos are left out. `now` is the time of the export.
#[must_use]
pub fn export_json(lists: &[(List, Vec<Todo>)], now: Timestamp) -> String {
    let lists = lists.iter().map(|(list, todos)| FileList {
        title: list.title.clone(),
        colour: list.colour,
        archived: list.archived,
        created_at: list.created_at,
        todos: tops(todos).into_iter().map(|(todo, subtasks)| written(todo, &subtasks)).collect(),
    });
    let file = File { format: FORMAT.to_owned(), version: VERSION, exported_at: now, lists: lists.collect() };
    // Nothing in it can fail to become JSON: there are no maps and no floating point numbers.
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

fn written(todo: &Todo, subtasks: &[&Todo]) -> FileTodo {
    let Todo { title, notes, done_at, due, created_at, .. } = todo.clone();
    let subtasks = subtasks.iter().map(|subtask| {
        let Todo { title, notes, done_at, due, created_at, .. } = (*subtask).clone();
        FileSubtask { title, notes, done_at, due, created_at }
    });
    FileTodo { title, notes, done_at, due, created_at, subtasks: subtasks.collect() }
}

/// The live todos at the top with their live subtasks, all in order. A subtask whose parent is not there
/// is at the top, as it is on the screen.
pub(super) fn tops(todos: &[Todo]) -> Vec<(&Todo, Vec<&Todo>)> {
    let mut live: Vec<&Todo> = todos.iter().filter(|todo| todo.is_live()).collect();
    live.sort_by_key(|todo| (&todo.order, todo.id));
    let mut tops = Vec::new();
    let mut places: HashMap<TodoId, usize> = HashMap::new();
    let ids: std::collections::HashSet<TodoId> = live.iter().map(|todo| todo.id).collect();
    let parent = |todo: &Todo| todo.parent.filter(|parent| ids.contains(parent) && *parent != todo.id);
    for todo in live.iter().filter(|todo| parent(todo).is_none()) {
        places.insert(todo.id, tops.len());
        tops.push((*todo, Vec::new()));
    }
    for todo in &live {
        let Some(id) = parent(todo) else { continue };
        match places.get(&id).and_then(|place| tops.get_mut(*place)) {
            Some((_, subtasks)) => subtasks.push(*todo),
            // A subtask under a subtask, which no rule lets through; it is written all the same.
            None => tops.push((*todo, Vec::new())),
        }
    }
    tops
}

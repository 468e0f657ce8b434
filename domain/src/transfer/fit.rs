//! Makes everything fit the limits, without losing any of it.

use super::{Draft, ParsedList, ParsedTodo, Problem, ReadError, What, draft::join};
use crate::limits::{LISTS_PER_USER, NOTES_CHARS, TITLE_CHARS, TODOS_PER_LIST};

const UNTITLED: &str = "Untitled";
/// Characters that a number behind a title takes at most.
const NUMBER_CHARS: usize = 40;

/// The draft with texts and counts within the limits.
pub(super) fn fit(draft: Draft) -> Result<Draft, ReadError> {
    let Draft { lists, mut problems } = draft;
    let mut fitting = Vec::with_capacity(lists.len());
    for mut list in lists {
        if list.title.trim().is_empty() {
            tell(&mut problems, 0, What::Untitled, "");
            list.title = UNTITLED.to_owned();
        }
        if list.title.chars().count() > TITLE_CHARS {
            tell(&mut problems, 0, What::ListTitleCut, &list.title);
            list.title = cut(&list.title, TITLE_CHARS);
        }
        let todos = std::mem::take(&mut list.todos);
        list.todos = todos.into_iter().flat_map(|todo| top(todo, &mut problems)).collect();
        split(list, &mut fitting, &mut problems);
    }
    if fitting.len() > LISTS_PER_USER {
        return Err(ReadError::TooManyLists);
    }
    Ok(Draft { lists: fitting, problems })
}

/// A top-level todo, as several where it has more subtasks than a list holds.
fn top(mut todo: ParsedTodo, problems: &mut Vec<Problem>) -> Vec<ParsedTodo> {
    let subtasks = std::mem::take(&mut todo.subtasks);
    let mut parts = texts(todo, problems).into_iter();
    let Some(mut todo) = parts.next() else { return Vec::new() };
    todo.subtasks = parts.chain(subtasks.into_iter().flat_map(|subtask| texts(subtask, problems))).collect();

    let most = TODOS_PER_LIST - 1;
    if todo.subtasks.len() <= most {
        return vec![todo];
    }
    tell(problems, todo.line, What::ListSplit, &todo.title);
    let mut subtasks = std::mem::take(&mut todo.subtasks).into_iter().peekable();
    let mut tops = Vec::new();
    while subtasks.peek().is_some() {
        let mut next = todo.clone();
        if !tops.is_empty() {
            next.title = numbered(&todo.title, &format!(" ({})", tops.len() + 1));
            next.notes.clear();
        }
        next.subtasks = subtasks.by_ref().take(most).collect();
        tops.push(next);
    }
    tops
}

/// One todo with a title and notes within the limits; what is over goes into further todos.
fn texts(mut todo: ParsedTodo, problems: &mut Vec<Problem>) -> Vec<ParsedTodo> {
    if todo.title.trim().is_empty() {
        tell(problems, todo.line, What::Untitled, "");
        todo.title = UNTITLED.to_owned();
    }
    if todo.title.chars().count() > TITLE_CHARS {
        tell(problems, todo.line, What::TitleCut, &todo.title);
        todo.notes = join(&todo.title, &todo.notes);
        todo.title = cut(&todo.title, TITLE_CHARS);
    }
    let Some((end, _)) = todo.notes.char_indices().nth(NOTES_CHARS) else { return vec![todo] };
    tell(problems, todo.line, What::NotesSplit, &todo.title);
    let mut rest = todo.notes.split_off(end);
    let mut parts = vec![todo.clone()];
    while !rest.is_empty() {
        let end = rest.char_indices().nth(NOTES_CHARS).map_or(rest.len(), |(end, _)| end);
        let next = rest.split_off(end);
        let title = numbered(&todo.title, &format!(" (notes, part {})", parts.len() + 1));
        parts.push(ParsedTodo { title, notes: rest, due: None, subtasks: Vec::new(), ..todo.clone() });
        rest = next;
    }
    parts
}

/// Puts a list into as many as it takes.
fn split(list: ParsedList, lists: &mut Vec<ParsedList>, problems: &mut Vec<Problem>) {
    if list.todo_count() <= TODOS_PER_LIST {
        lists.push(list);
        return;
    }
    let first = lists.len();
    let mut count = 0;
    let head = ParsedList { todos: Vec::new(), ..list.clone() };
    let mut part = head.clone();
    for todo in list.todos {
        let more = 1 + todo.subtasks.len();
        if count + more > TODOS_PER_LIST {
            let title = numbered(&head.title, &format!(" ({})", lists.len() - first + 2));
            tell(problems, todo.line, What::ListSplit, &title);
            lists.push(std::mem::replace(&mut part, ParsedList { title, ..head.clone() }));
            count = 0;
        }
        count += more;
        part.todos.push(todo);
    }
    lists.push(part);
}

fn tell(problems: &mut Vec<Problem>, line: usize, what: What, text: &str) {
    problems.push(Problem { line, what, text: text.to_owned() });
}

/// The first characters of a text that is too long, with a mark that there was more.
fn cut(text: &str, chars: usize) -> String {
    format!("{}…", text.chars().take(chars - 1).collect::<String>().trim_end())
}

fn numbered(title: &str, number: &str) -> String {
    if title.chars().count() + number.chars().count() <= TITLE_CHARS {
        return format!("{title}{number}");
    }
    cut(title, TITLE_CHARS - NUMBER_CHARS) + number
}

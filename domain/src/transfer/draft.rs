//! Todos on the way from a file's lines to a tree: notes that collect what Stack has no field for, and
//! nesting of any depth brought down to one level.

use super::{ParsedTodo, Problem, What};

/// Ancestors named in the notes of a todo that was nested too deep: the nearest ones, since a chain can be
/// as long as the file.
const PATH_TITLES: usize = 5;
/// Characters of each of them.
const PATH_TITLE_CHARS: usize = 80;

/// A todo as a reader finds it.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) todo: ParsedTodo,
    /// The index of the item that it belongs under, in the same collection.
    pub(super) parent: Option<usize>,
    /// What Stack has no field for, as Markdown list items at the end of the notes.
    pub(super) extras: Vec<String>,
}

impl Item {
    /// An item with the title and notes as they come from a file, made fit for Stack.
    pub(super) fn new(line: usize, title: &str, notes: &str, problems: &mut Vec<Problem>) -> Self {
        let (title, title_odd) = clean(title);
        let (notes, notes_odd) = clean(notes);
        if title_odd || notes_odd {
            problems.push(Problem { line, what: What::ControlCharacters, text: title.trim().to_owned() });
        }
        let mut todo = ParsedTodo { line, title: title.trim().to_owned(), notes, ..ParsedTodo::default() };
        if let Some((first, rest)) = todo.title.clone().split_once('\n') {
            problems.push(Problem { line, what: What::TitleLines, text: todo.title });
            todo.title = first.trim_end().to_owned();
            todo.notes = join(rest, &todo.notes);
        }
        Self { todo, ..Self::default() }
    }

    /// Keeps a value that Stack has no field for, and tells.
    pub(super) fn keep(&mut self, line: usize, label: &str, value: &str, problems: &mut Vec<Problem>) {
        let text = self.remember(label, value);
        problems.push(Problem { line, what: What::KeptInNotes, text });
    }

    /// Keeps a value in the notes without telling; what was kept is the answer.
    pub(super) fn remember(&mut self, label: &str, value: &str) -> String {
        let text = format!("{label}: {}", clean(value).0.trim());
        self.extras.push(text.clone());
        text
    }

    fn finish(self) -> ParsedTodo {
        let mut todo = self.todo;
        if !self.extras.is_empty() {
            // Two spaces keep further lines in their list item.
            let lines: Vec<_> =
                self.extras.iter().map(|text| format!("- {}", text.replace('\n', "\n  "))).collect();
            todo.notes = join(&todo.notes, &lines.join("\n"));
        }
        todo
    }
}

/// The text with `\n` as its only line end and without control characters other than tabs, and whether
/// there were such.
pub(super) fn clean(text: &str) -> (String, bool) {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if text.contains(odd) { (text.replace(odd, ""), true) } else { (text, false) }
}

/// Two texts as two paragraphs.
pub(super) fn join(before: &str, after: &str) -> String {
    let (before, after) = (before.trim_end(), after.trim_end());
    if before.is_empty() || after.is_empty() {
        format!("{before}{after}")
    } else {
        format!("{before}\n\n{after}")
    }
}

/// The items as top-level todos with subtasks, in the items' order.
pub(super) fn tree(mut items: Vec<Item>, problems: &mut Vec<Problem>) -> Vec<ParsedTodo> {
    let tops = tops(&items, problems);
    for index in 0..items.len() {
        let Some(text) = path(&items, &tops, index) else { continue };
        let Some(item) = items.get_mut(index) else { continue };
        let text = item.remember("Under", &text);
        problems.push(Problem { line: item.todo.line, what: What::Flattened, text });
    }
    let mut todos: Vec<Option<ParsedTodo>> = Vec::with_capacity(items.len());
    let mut subtasks: Vec<Vec<ParsedTodo>> = std::iter::repeat_with(Vec::new).take(items.len()).collect();
    for (item, top) in items.into_iter().zip(&tops) {
        let todo = item.finish();
        match top.and_then(|top| subtasks.get_mut(top)) {
            Some(siblings) => {
                siblings.push(todo);
                todos.push(None);
            }
            None => todos.push(Some(todo)),
        }
    }
    let whole = todos.into_iter().zip(subtasks);
    whole.filter_map(|(todo, subtasks)| todo.map(|todo| ParsedTodo { subtasks, ..todo })).collect()
}

/// For each item the top-level item that it is somewhere under; `None` for those at the top.
fn tops(items: &[Item], problems: &mut Vec<Problem>) -> Vec<Option<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        Unseen,
        OnTheWay,
        Top,
        Under(usize),
    }
    let mut marks = vec![Mark::Unseen; items.len()];
    let mut way = Vec::new();
    for start in 0..items.len() {
        let mut at = start;
        let top = loop {
            match marks.get(at) {
                Some(Mark::Unseen) => {}
                Some(Mark::Under(top)) => break *top,
                // A circle is cut where it closes.
                Some(Mark::OnTheWay) => {
                    if let Some(Item { todo, .. }) = items.get(at) {
                        problems.push(Problem {
                            line: todo.line,
                            what: What::NoParent,
                            text: todo.title.clone(),
                        });
                    }
                    break at;
                }
                Some(Mark::Top) | None => break at,
            }
            if let Some(mark) = marks.get_mut(at) {
                *mark = Mark::OnTheWay;
            }
            way.push(at);
            match items.get(at).and_then(|item| item.parent).filter(|parent| *parent < items.len()) {
                Some(parent) => at = parent,
                None => break at,
            }
        };
        for index in way.drain(..) {
            if let Some(mark) = marks.get_mut(index) {
                *mark = if index == top { Mark::Top } else { Mark::Under(top) };
            }
        }
    }
    let under = |mark| if let Mark::Under(top) = mark { Some(top) } else { None };
    marks.into_iter().map(under).collect()
}

/// The titles between a too deep item and its top-level one, or `None` where it is not too deep.
fn path(items: &[Item], tops: &[Option<usize>], index: usize) -> Option<String> {
    let top = tops.get(index).copied().flatten()?;
    let mut titles = Vec::new();
    let mut at = items.get(index)?.parent?;
    while at != top && titles.len() < PATH_TITLES {
        let item = items.get(at)?;
        titles.push(item.todo.title.chars().take(PATH_TITLE_CHARS).collect::<String>());
        at = item.parent?;
    }
    titles.reverse();
    (!titles.is_empty()).then(|| titles.join(" › "))
}

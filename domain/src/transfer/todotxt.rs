//! todo.txt: one todo a line, as <https://github.com/todotxt/todo.txt> has it.

use super::{
    Draft, ParsedList, Place, Problem, ReadError, What, dates, decode, detect,
    draft::{self, Item},
};
use crate::time::Day;

/// Keys on which other programs act.
const ACTED_ON: [&str; 3] = ["rec", "t", "h"];

/// Reads every line as a todo; its first `+project` names the list.
pub(super) fn read(text: &[u8], file_name: &str, place: &Place<'_>) -> Result<Draft, ReadError> {
    let mut problems = Vec::new();
    let mut lists: Vec<(String, Vec<Item>)> = Vec::new();
    let mut index = std::collections::HashMap::new();
    let plain = super::todoist::list_title(file_name);
    let mut count = 0;
    for (number, bytes) in decode::lines(text) {
        let (line, foreign) = decode::line(bytes);
        if line.trim().is_empty() {
            continue;
        }
        if foreign {
            problems.push(Problem { line: number, what: What::NotUtf8, text: line.to_string() });
        }
        detect::count(&mut count)?;
        detect::sane(&problems)?;
        let (project, item) = todo(number, &line, place, &mut problems);
        let title = project.unwrap_or_else(|| plain.clone());
        let list = *index.entry(title.clone()).or_insert_with(|| {
            lists.push((title, Vec::new()));
            lists.len() - 1
        });
        if let Some((_, items)) = lists.get_mut(list) {
            items.push(item);
        }
    }
    let lists = lists.into_iter().map(|(title, items)| ParsedList {
        title,
        todos: draft::tree(items, &mut problems),
        ..ParsedList::default()
    });
    Ok(Draft { lists: lists.collect(), problems })
}

fn todo(number: usize, line: &str, place: &Place<'_>, problems: &mut Vec<Problem>) -> (Option<String>, Item) {
    let mut words: Vec<&str> = line.split([' ', '\t']).collect();
    let done = take(&mut words, |word| (word == "x").then_some(()));
    // Some programs keep the priority in front of a completed todo's dates, some behind.
    let mut marked = take(&mut words, priority);
    let mut first = take(&mut words, |word| word.parse::<Day>().ok());
    marked = marked.or_else(|| take(&mut words, priority));
    let second = first.and_then(|_| take(&mut words, |word| word.parse::<Day>().ok()));
    let finished = done.and_then(|()| if second.is_some() { first.take() } else { first });
    let created = if done.is_some() { second } else { second.or(first) };

    let project = project(&mut words);
    let mut due = None;
    words.retain(|word| {
        let day = word.strip_prefix("due:").and_then(|day| day.parse().ok());
        let letter = word.strip_prefix("pri:").and_then(letter);
        let taken = (due.is_none() && day.is_some()) || (marked.is_none() && letter.is_some());
        due = due.or(day);
        marked = marked.or(letter);
        !taken
    });

    let mut item = Item::new(number, words.join(" ").trim(), "", problems);
    item.todo.due = due;
    item.todo.created_at = created.and_then(dates::noon);
    if done.is_some() {
        item.todo.done_at = dates::noon(finished.unwrap_or(place.today));
        if finished.is_none() {
            problems.push(Problem { line: number, what: What::DoneSometime, text: item.todo.title.clone() });
        }
    }
    if let Some(letter) = marked {
        item.keep(number, "Priority", &letter.to_string(), problems);
    }
    for word in &words {
        let Some((key, _)) = word.split_once(':').filter(|(_, value)| !value.is_empty()) else {
            continue;
        };
        let what = match key {
            "due" => What::DateUnclear,
            key if ACTED_ON.contains(&key) => What::KeptInTitle,
            _ => continue,
        };
        problems.push(Problem { line: number, what, text: (*word).to_owned() });
    }
    (project, item)
}

/// Takes the first word where it is what is looked for.
fn take<T>(words: &mut Vec<&str>, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let found = read(words.first()?)?;
    words.remove(0);
    Some(found)
}

/// The letter of `(A)`.
fn priority(word: &str) -> Option<char> {
    letter(word.strip_prefix('(')?.strip_suffix(')')?)
}

fn letter(word: &str) -> Option<char> {
    let mut chars = word.chars();
    chars.next().filter(|letter| letter.is_ascii_uppercase() && chars.next().is_none())
}

/// The name of the first project. Its word goes where it stands among the marks at either end of the
/// line, and stays where it is part of a sentence.
fn project(words: &mut Vec<&str>) -> Option<String> {
    let is_project = |word: &str| word.len() > 1 && word.starts_with('+');
    let is_mark = |word: &str| word.is_empty() || word.starts_with(['+', '@']) || word.contains(':');
    let at = words.iter().position(|word| is_project(word))?;
    let name = words.get(at)?.strip_prefix('+')?.to_owned();
    let only_marks =
        |words: Option<&[&str]>| words.is_some_and(|words| words.iter().all(|word| is_mark(word)));
    if only_marks(words.get(..at)) || only_marks(words.get(at..)) {
        words.remove(at);
    }
    Some(name)
}

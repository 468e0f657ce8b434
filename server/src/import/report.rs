//! What an import prints: first what is in the file and what is not taken as it stands, then how far it is.

use std::path::Path;

use domain::{
    action::{Action, Batch, Outcome},
    email::Email,
    error::Code,
    transfer::{Parsed, ParsedList},
};

use super::error::ImportError;

/// Says what is in a file, line by line where it is not taken as it stands.
pub(super) fn file(path: &Path, parsed: &Parsed) {
    let (lists, todos) = (parsed.lists.len(), parsed.todo_count());
    println!("{}: {}, {lists} lists with {todos} todos", path.display(), parsed.format.name());
    for problem in &parsed.problems {
        println!("  {problem}");
    }
    let left_out = parsed.problems.iter().filter(|problem| !problem.what.is_taken()).count();
    let changed = parsed.problems.len() - left_out;
    println!("{changed} things are taken otherwise than they stand in the file, {left_out} are left out.");
}

/// Counts what was committed.
#[derive(Default)]
pub(super) struct Report {
    lists: usize,
    arrived: usize,
    there: usize,
    refused: usize,
    /// Todos of the list at hand: how many there are, and how many batches brought.
    list: (usize, usize),
}

/// Todos after which the progress is printed again.
const STEP: usize = 1_000;

impl Report {
    /// Begins with a list.
    pub(super) fn list(&mut self, list: &ParsedList) {
        self.lists += 1;
        self.list = (list.todo_count(), 0);
        println!("  {}: {} todos", shown(&list.title), list.todo_count());
    }

    /// Counts a batch, and names each todo that was refused.
    pub(super) fn batch(&mut self, batch: &Batch, outcomes: &[Outcome]) {
        let todos = batch.actions.iter().filter(|action| matches!(action, Action::CreateTodo(_))).count();
        let before = self.list.1;
        self.list.1 += todos;
        if before / STEP < self.list.1 / STEP {
            println!("    {} of {}", self.list.1, self.list.0);
        }
        for (action, outcome) in batch.actions.iter().zip(outcomes) {
            let title = match action {
                Action::CreateTodo(new) => &new.title,
                Action::CreateList(new) => &new.title,
                _ => "",
            };
            match outcome {
                Outcome::Applied if matches!(action, Action::CreateTodo(_)) => self.arrived += 1,
                Outcome::Applied => {}
                Outcome::Refused(Code::AlreadyExists) => self.there += 1,
                Outcome::Refused(code) => {
                    self.refused += 1;
                    println!("  not taken: {}: {} {}", shown(title), code.name(), code.message());
                }
            }
        }
    }

    /// Sums up.
    pub(super) fn finish(&self, email: &Email) -> Result<(), ImportError> {
        println!("{email} has {} lists with {} todos from this file.", self.lists, self.arrived + self.there);
        if self.there > 0 {
            println!("{} of the todos were there from an earlier import and stay as they are.", self.there);
        }
        if self.refused > 0 { Err(ImportError::Partly(self.refused)) } else { Ok(()) }
    }
}

/// Text from a file, so that it can't steer the terminal.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

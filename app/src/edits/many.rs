//! Gestures that change several todos at once, with one way back for all of them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    action::{Action, Set, TodoPatch},
    id::{ListId, TodoId},
    model::Todo,
    time::Day,
};

use super::Edits;
use crate::{ui, words};

/// What is done, list by list.
type Changes = BTreeMap<ListId, Vec<Action>>;

impl Edits {
    /// Completes those that are open; where none is, opens all.
    pub(crate) fn complete_all(self, todos: &BTreeSet<(ListId, TodoId)>) {
        let all = self.known(todos);
        let to = all.iter().any(|(_, todo)| todo.done_at.is_none()).then(|| self.store.now());
        let changed: Vec<_> =
            all.into_iter().filter(|(_, todo)| todo.done_at.is_some() != to.is_some()).collect();
        if to.is_some() {
            let top = changed.iter().filter(|(_, todo)| todo.parent.is_none());
            self.settle(top.map(|(_, todo)| todo.id).collect());
        }
        let done = |done_at| TodoPatch { done_at: Some(Set { to: done_at }), ..TodoPatch::default() };
        let said = match to {
            Some(_) => words::all_completed(changed.len()),
            None => words::all_reopened(changed.len()),
        };
        self.patch_all(&changed, |_| done(to), |todo| done(todo.done_at), said);
    }

    pub(crate) fn set_due_all(self, todos: &BTreeSet<(ListId, TodoId)>, day: Option<Day>) {
        let changed: Vec<_> = self.known(todos).into_iter().filter(|(_, todo)| todo.due != day).collect();
        let due = |day| TodoPatch { due: Some(Set { to: day }), ..TodoPatch::default() };
        let named = day.map_or_else(|| words::NO_DATE.into(), |day| words::day(day, ui::today(self.store)));
        let said = words::all_due(changed.len(), &words::lower(&named));
        self.patch_all(&changed, |_| due(day), |todo| due(todo.due), said);
    }

    pub(crate) fn delete_all(self, todos: &BTreeSet<(ListId, TodoId)>) {
        let (at, all) = (self.store.now(), self.known(todos));
        let delete = by_list(&all, |todo| Action::DeleteTodo { id: todo.id, at });
        let restore = by_list(&all, |todo| Action::RestoreTodo { id: todo.id });
        self.change_all(delete, restore, words::all_deleted(all.len()));
    }

    fn patch_all(
        self,
        todos: &[(ListId, Todo)],
        to: impl Fn(&Todo) -> TodoPatch,
        back: impl Fn(&Todo) -> TodoPatch,
        said: String,
    ) {
        let edit = |todo: &Todo, patch| Action::EditTodo { id: todo.id, patch };
        let there = by_list(todos, |todo| edit(todo, to(todo)));
        self.change_all(there, by_list(todos, |todo| edit(todo, back(todo))), said);
    }

    fn change_all(self, there: Changes, back: Changes, said: String) {
        if !there.is_empty() && self.act_all(there) {
            self.ui.toast_with(said, words::UNDO, move || {
                self.act_all(back.clone());
            });
        }
    }

    fn act_all(self, changes: Changes) -> bool {
        changes.into_iter().all(|(list, actions)| self.act(list, actions))
    }

    fn known(self, todos: &BTreeSet<(ListId, TodoId)>) -> Vec<(ListId, Todo)> {
        todos.iter().filter_map(|(list, id)| Some((*list, self.store.todo_now(*list, *id)?))).collect()
    }
}

fn by_list(todos: &[(ListId, Todo)], action: impl Fn(&Todo) -> Action) -> Changes {
    let mut changes = Changes::new();
    for (list, todo) in todos {
        changes.entry(*list).or_default().push(action(todo));
    }
    changes
}

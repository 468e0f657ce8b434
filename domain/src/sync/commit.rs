//! The server's rule for batches about a list and its todos. Pure, so that the server only loads and stores.

use std::collections::{HashMap, HashSet};

use super::{
    apply::{Subject, check, subject, to_list, to_todo},
    head::{Head, admit},
    horizon::Horizon,
};
use crate::{
    action::{Action, Batch, NewTodo, Outcome},
    error::Code,
    id::{ListId, TodoId, UserId},
    limits::{BYTES_PER_TRANSACTION, TODOS_PER_LIST},
    model::{Access, Role, Todo},
    time::Timestamp,
};

/// What the rule has to know.
#[derive(Debug, Clone)]
pub struct Before {
    /// Who sent the batch.
    pub caller: UserId,
    /// What the caller may do with the list; `None` without a membership.
    pub role: Option<Role>,
    /// The list, if it exists or did.
    pub head: Option<Head>,
    /// Those of the todos in [`needs`] that exist, tombstones included.
    pub todos: HashMap<TodoId, Todo>,
    /// The server's clock.
    pub now: Timestamp,
}

/// What a batch does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The list afterwards.
    pub head: Head,
    /// Whether the list was made by this batch.
    pub created: bool,
    /// The todos that are different now; they changed at `head.version`.
    pub todos: Vec<Todo>,
    /// One for each action.
    pub outcomes: Vec<Outcome>,
}

/// The todos that the rule looks at.
#[must_use]
pub fn needs(batch: &Batch) -> HashSet<TodoId> {
    let parents = batch.actions.iter().filter_map(|action| match action {
        Action::CreateTodo(new) => new.parent,
        _ => None,
    });
    let subjects = batch.actions.iter().filter_map(|action| match subject(action) {
        Subject::Todo(id) => Some(id),
        Subject::List | Subject::Media(_) => None,
    });
    subjects.chain(parents).collect()
}

/// Applies a batch.
///
/// # Errors
/// Nothing of the batch takes effect: [`Code::BadInput`] (it has media actions, which go to [`super::media::commit`]),
/// [`Code::BatchSize`], [`Code::TooLarge`] (more than [`BYTES_PER_BATCH`] of
/// text, or todos of more than [`BYTES_PER_TRANSACTION`]), [`Code::NotFound`] (no such list, or no membership), [`Code::Forbidden`] (may look, not write), or why
/// the list that it was to make could not be made.
pub fn commit(before: Before, batch: &Batch) -> Result<Commit, Code> {
    if batch.actions.iter().any(Action::is_media) {
        return Err(Code::BadInput);
    }
    admit(batch)?;
    if let Some(head) = &before.head {
        head.lets_write(before.role)?;
    }
    let mut scene = Scene::new(before, batch.list);
    let outcomes: Vec<_> = batch.actions.iter().map(|action| scene.act(action)).collect();
    scene.finish(outcomes)
}

/// The list while the actions of a batch are applied, one after the other.
struct Scene {
    id: ListId,
    before: Before,
    created: bool,
    changed: HashSet<TodoId>,
    order: Vec<TodoId>,
    now: HashMap<TodoId, Todo>,
    head: Option<Head>,
}

impl Scene {
    fn new(before: Before, id: ListId) -> Self {
        let (head, now) = (before.head.clone(), before.todos.clone());
        Self { id, before, created: false, changed: HashSet::new(), order: Vec::new(), now, head }
    }

    fn act(&mut self, action: &Action) -> Outcome {
        match check(action).and_then(|()| self.apply(action)) {
            Ok(()) => Outcome::Applied,
            Err(code) => Outcome::Refused(code),
        }
    }

    fn apply(&mut self, action: &Action) -> Result<(), Code> {
        if let Action::CreateList(_) = action {
            return self.create_list(action);
        }
        let role = self.role();
        let head = self.head.as_mut().filter(|head| !head.deleted).ok_or(Code::NotFound)?;
        match action {
            Action::CreateList(_) => Ok(()),
            Action::EditList(_) => {
                let mut list = Some(head.list.clone());
                to_list(self.id, &mut list, action);
                if let Some(list) = list {
                    head.list = list;
                }
                Ok(())
            }
            Action::DeleteList if self.id.is_inbox() => Err(Code::InboxStays),
            Action::DeleteList if !role.may(Access::Own) => Err(Code::Forbidden),
            Action::DeleteList => {
                head.deleted = true;
                head.media_bytes = 0;
                Ok(())
            }
            Action::CreateTodo(new) => self.create_todo(new, action),
            Action::EditTodo { id, .. } | Action::DeleteTodo { id, .. } => self.change(*id, action),
            // Not in this batch: `commit` saw to it.
            Action::AddMedia(_)
            | Action::EditMedia { .. }
            | Action::DeleteMedia { .. }
            | Action::RetryMedia { .. } => Err(Code::BadInput),
            Action::RestoreTodo { id } => {
                let deleted = self.now.get(id).is_some_and(|todo| !todo.is_live());
                if deleted && head.todos >= TODOS_PER_LIST {
                    return Err(Code::TooManyTodos);
                }
                self.change(*id, action)
            }
        }
    }

    /// Whoever makes a list owns it.
    fn role(&self) -> Role {
        if self.created { Role::Owner } else { self.before.role.unwrap_or(Role::Viewer) }
    }

    fn create_list(&mut self, action: &Action) -> Result<(), Code> {
        let caller = self.before.caller;
        match &self.head {
            Some(head) if head.owner == caller && !head.deleted => Ok(()),
            Some(_) => Err(Code::AlreadyExists),
            None if self.id.is_inbox() && self.id != ListId::inbox(caller) => Err(Code::NotFound),
            None => {
                let mut list = None;
                to_list(self.id, &mut list, action);
                let horizon = Horizon::default();
                self.head = list.map(|list| Head {
                    list,
                    version: 0,
                    owner: caller,
                    todos: 0,
                    media_bytes: 0,
                    horizon,
                    deleted: false,
                });
                self.created = true;
                Ok(())
            }
        }
    }

    fn create_todo(&mut self, new: &NewTodo, action: &Action) -> Result<(), Code> {
        if let Some(there) = self.now.get(&new.id) {
            let same = there.created_at == new.created_at && there.parent == new.parent;
            return if same { Ok(()) } else { Err(Code::AlreadyExists) };
        }
        if let Some(parent) = new.parent {
            // A parent that is not there is no reason to lose the subtask: it shows as a todo of its own.
            let nested = self.now.get(&parent).is_some_and(|parent| parent.parent.is_some());
            if nested || parent == new.id {
                return Err(Code::TooDeep);
            }
        }
        if self.head.as_ref().is_some_and(|head| head.todos >= TODOS_PER_LIST) {
            return Err(Code::TooManyTodos);
        }
        self.change(new.id, action)
    }

    fn change(&mut self, id: TodoId, action: &Action) -> Result<(), Code> {
        let old = self.now.get(&id);
        let mut new = old.cloned();
        to_todo(self.id, &mut new, action);
        let new = new.ok_or(Code::NotFound)?;
        if old != Some(&new) {
            let (was, is) = (old.is_some_and(Todo::is_live), new.is_live());
            if let Some(head) = &mut self.head {
                head.todos = (head.todos + usize::from(is)).saturating_sub(usize::from(was));
            }
            if self.changed.insert(id) {
                self.order.push(id);
            }
            self.now.insert(id, new);
        }
        Ok(())
    }

    fn finish(mut self, outcomes: Vec<Outcome>) -> Result<Commit, Code> {
        let refused = outcomes.iter().find_map(|outcome| match outcome {
            Outcome::Refused(code) => Some(*code),
            Outcome::Applied => None,
        });
        let mut head = self.head.ok_or(refused.unwrap_or(Code::NotFound))?;
        // Put back as it was is not changed.
        self.order.retain(|id| self.now.get(id) != self.before.todos.get(id));
        let todos: Vec<_> = self.order.iter().filter_map(|id| self.now.remove(id)).collect();
        if todos.iter().map(|todo| todo.title.len() + todo.notes.len()).sum::<usize>() > BYTES_PER_TRANSACTION
        {
            return Err(Code::TooLarge);
        }
        head.bump(self.before.now, &outcomes);
        Ok(Commit { head, created: self.created, todos, outcomes })
    }
}

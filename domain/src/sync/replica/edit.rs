//! The user's own changes, which show at once.

use super::{Entry, EntryId, ListId, Refusal, Replica, Role, Room, Stage, Todo, Touched, Write};
use crate::{
    action::Action,
    error::Code,
    limits::{LISTS_PER_USER, MEDIA_PER_TODO, QUOTA_BYTES, TODOS_PER_LIST},
    model::Access,
    sync::{apply::check, journal::Step},
};

impl Replica {
    /// Makes changes to a list. What the server would refuse by all that is known here is refused at once; the
    /// rest shows at once and waits in the outbox.
    pub fn act(&mut self, list: ListId, actions: Vec<Action>) -> Step {
        let (mut writes, mut touched) = (Vec::with_capacity(actions.len()), Touched::default());
        for action in actions {
            let id = EntryId::fresh_after(self.last_entry);
            self.last_entry = Some(id);
            let write = match self.judge(list, &action) {
                Ok(()) => Write::PutEntry(Entry { id, list, action, stage: Stage::Pending }),
                Err(code) => {
                    Write::PutRefusal(self.refusal(Entry { id, list, action, stage: Stage::Pending }, code))
                }
            };
            // One by one, since the next may depend on it: a list and then the todos in it.
            touched.merge(self.absorb(vec![write.clone()]));
            writes.push(write);
        }
        Step { writes, touched }
    }

    /// Forgets a refusal that the user has seen.
    pub fn dismiss(&mut self, refusal: EntryId) -> Step {
        if !self.refusals.contains_key(&refusal) {
            return Step::default();
        }
        self.step(vec![Write::DropRefusal(refusal)])
    }

    pub(super) fn refusal(&self, entry: Entry, code: Code) -> Refusal {
        let list_title = self.lists.get(&entry.list).and_then(Room::title);
        Refusal { id: entry.id, list: entry.list, list_title, action: entry.action, code }
    }

    fn judge(&self, list: ListId, action: &Action) -> Result<(), Code> {
        check(action)?;
        if let Action::CreateList(_) = action {
            let views = self.lists.values().filter_map(|room| room.shown.as_ref());
            let own = views.filter(|view| view.role == Role::Owner).count();
            let is_new = self.list(list).is_none();
            return if is_new && own >= LISTS_PER_USER { Err(Code::TooManyLists) } else { Ok(()) };
        }
        let room = self.shown(list).ok_or(Code::NotFound)?;
        let role = room.shown.as_ref().map_or(Role::Viewer, |view| view.role);
        if !role.may(Access::Write) {
            return Err(Code::Forbidden);
        }
        let is_full = room.view.live() >= TODOS_PER_LIST;
        match action {
            Action::CreateList(_) | Action::EditList(_) => Ok(()),
            Action::DeleteList if list.is_inbox() => Err(Code::InboxStays),
            Action::DeleteList if !role.may(Access::Own) => Err(Code::Forbidden),
            Action::DeleteList => Ok(()),
            Action::CreateTodo(new) => {
                let nested = |parent| room.todos.get(parent).is_some_and(|parent| parent.parent.is_some());
                match new.parent {
                    _ if room.todos.get(new.id).is_some() => Err(Code::AlreadyExists),
                    Some(parent) if parent == new.id || nested(parent) => Err(Code::TooDeep),
                    _ if is_full => Err(Code::TooManyTodos),
                    _ => Ok(()),
                }
            }
            Action::EditTodo { id, .. } | Action::DeleteTodo { id, .. } => {
                room.todos.get(*id).map(|_| ()).ok_or(Code::NotFound)
            }
            Action::AddMedia(new) => {
                // Whose quota it counts against is known here only for the user's own lists.
                let room_left = QUOTA_BYTES.saturating_sub(self.media_bytes());
                match room.todos.get(new.todo) {
                    _ if room.media.get(new.id).is_some() => Err(Code::AlreadyExists),
                    None => Err(Code::NotFound),
                    Some(_) if room.strips.of(new.todo).len() >= MEDIA_PER_TODO => Err(Code::TooManyMedia),
                    Some(_) if role == Role::Owner && new.bytes > room_left => Err(Code::Quota),
                    Some(_) => Ok(()),
                }
            }
            Action::EditMedia { id, .. } | Action::RetryMedia { id } => {
                room.media.get(*id).filter(|media| media.is_live()).map(|_| ()).ok_or(Code::NotFound)
            }
            Action::DeleteMedia { id, .. } => room.media.get(*id).map(|_| ()).ok_or(Code::NotFound),
            Action::RestoreTodo { id } => match room.todos.get(*id) {
                None => Err(Code::NotFound),
                Some(todo) if is_full && !Todo::is_live(todo) => Err(Code::TooManyTodos),
                Some(_) => Ok(()),
            },
        }
    }
}

impl Room {
    fn title(&self) -> Option<String> {
        let shown = self.shown.as_ref().map(|view| &view.list);
        shown.or(self.record.as_ref().map(|record| &record.list)).map(|list| list.title.clone())
    }
}

//! An outside observer who knows every edit that was stored and every batch that was committed, and works out
//! what must come of it without the code under test: the last writer of each field wins, by server order.

mod media;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::check::Observed;
use crate::{
    action::{Action, Batch, Outcome},
    error::Code,
    id::{EntryId, ListId, MediaId, MutationId, TodoId},
    model::Version,
    sync::{Receipt, Stage, Subject, Write, media::Event, subject},
};

/// The fields of a todo, a list or a media item, by name, as text.
type Fields = BTreeMap<&'static str, String>;

#[derive(Debug, Default)]
pub(super) struct Oracle {
    /// Every edit that a device has stored, with its list.
    made: HashMap<EntryId, (ListId, Action)>,
    /// Every refusal that a device has stored.
    reported: HashMap<EntryId, Code>,
    /// What each sealed batch holds.
    sealed: HashMap<MutationId, Vec<EntryId>>,
    receipts: HashMap<MutationId, Receipt>,
    applied: HashSet<EntryId>,
    /// Batches that were once refused as a whole. That leaves no receipt, so a copy of the request that comes
    /// when the reason has passed takes effect after all.
    refused: HashSet<MutationId>,
    /// What took effect by such a copy.
    after_all: HashSet<EntryId>,
    lists: HashMap<ListId, (u64, Fields)>,
    deleted: HashSet<ListId>,
    todos: HashMap<(ListId, TodoId), Fields>,
    media: HashMap<(ListId, MediaId), Fields>,
}

impl Oracle {
    /// A device has stored these rows.
    pub(super) fn stored(&mut self, writes: &[Write]) {
        for write in writes {
            match write {
                Write::PutEntry(entry) => {
                    let first = self.made.insert(entry.id, (entry.list, entry.action.clone())).is_none();
                    assert!(!first || entry.stage == Stage::Pending, "an entry begins by waiting");
                    if let Stage::Sealed(batch) = entry.stage {
                        self.sealed.entry(batch).or_default().push(entry.id);
                    }
                }
                Write::PutRefusal(refusal) => {
                    self.reported.insert(refusal.id, refusal.code);
                }
                _ => {}
            }
        }
    }

    /// The server refused a batch as a whole.
    pub(super) fn refused(&mut self, batch: MutationId) {
        self.refused.insert(batch);
    }

    /// The server answered a batch.
    pub(super) fn committed(&mut self, batch: &Batch, receipt: &Receipt) {
        if let Some(before) = self.receipts.get(&batch.id) {
            assert_eq!(before, receipt, "the same batch gets the same receipt");
            return;
        }
        self.receipts.insert(batch.id, receipt.clone());
        assert_eq!(receipt.outcomes.len(), batch.actions.len());
        let last = self.lists.get(&batch.list).map_or(0, |(version, _)| *version);
        assert!(receipt.version == last || receipt.version == last + 1, "versions have no gaps");
        self.lists.entry(batch.list).or_default().0 = receipt.version;
        let entries = self.sealed[&batch.id].clone();
        assert_eq!(entries.len(), batch.actions.len());
        for ((entry, action), outcome) in entries.into_iter().zip(&batch.actions).zip(&receipt.outcomes) {
            assert_eq!(&self.made[&entry].1, action, "what is sent is what was made");
            if *outcome == Outcome::Applied {
                assert!(self.applied.insert(entry), "an edit takes effect once");
                if self.refused.contains(&batch.id) {
                    self.after_all.insert(entry);
                }
                self.apply(batch.list, action);
            }
        }
    }

    /// Something happened to a media item's file, and the server says that this made a version or did not.
    pub(super) fn happened(&mut self, list: ListId, id: MediaId, event: &Event, version: Option<Version>) {
        let fields = self.media.get_mut(&(list, id)).filter(|_| !self.deleted.contains(&list));
        let differs = fields.is_some_and(|fields| media::happen(fields, event));
        assert_eq!(version.is_some(), differs, "{event:?}");
        if let Some(version) = version {
            let last = &mut self.lists.get_mut(&list).unwrap().0;
            assert_eq!(version, *last + 1, "versions have no gaps");
            *last = version;
        }
    }

    pub(super) fn is_deleted(&self, list: ListId) -> bool {
        self.deleted.contains(&list)
    }

    fn apply(&mut self, list: ListId, action: &Action) {
        let fields = match subject(action) {
            Subject::List => &mut self.lists.entry(list).or_default().1,
            Subject::Todo(id) => self.todos.entry((list, id)).or_default(),
            Subject::Media(id) => return media::apply(self.media.entry((list, id)).or_default(), action),
        };
        let is_new = fields.is_empty();
        let mut set = |name, value| {
            fields.insert(name, value);
        };
        match action {
            Action::CreateTodo(_) | Action::CreateList(_) if !is_new => {}
            Action::CreateTodo(new) => {
                fields.extend([("title", new.title.clone()), ("notes", new.notes.clone())]);
                fields.extend([("done", format!("{:?}", new.done_at)), ("due", format!("{:?}", new.due))]);
                fields.extend([("order", new.order.to_string()), ("parent", format!("{:?}", new.parent))]);
            }
            Action::EditTodo { patch, .. } => {
                patch.title.iter().for_each(|title| set("title", title.clone()));
                patch.notes.iter().for_each(|notes| set("notes", notes.clone()));
                patch.done_at.iter().for_each(|done| set("done", format!("{:?}", done.to)));
                patch.due.iter().for_each(|due| set("due", format!("{:?}", due.to)));
                patch.order.iter().for_each(|order| set("order", order.to_string()));
            }
            Action::DeleteTodo { .. } => set("deleted", String::new()),
            Action::RestoreTodo { .. } => {
                fields.remove("deleted");
            }
            Action::CreateList(new) => {
                fields.extend([("title", new.title.clone()), ("colour", format!("{:?}", new.colour))]);
                fields.extend([("order", new.order.to_string()), ("archived", "false".to_owned())]);
            }
            Action::EditList(patch) => {
                patch.title.iter().for_each(|title| set("title", title.clone()));
                patch.colour.iter().for_each(|colour| set("colour", format!("{colour:?}")));
                patch.order.iter().for_each(|order| set("order", order.to_string()));
                patch.archived.iter().for_each(|archived| set("archived", archived.to_string()));
            }
            Action::DeleteList => {
                self.deleted.insert(list);
            }
            // They went another way above.
            Action::AddMedia(_)
            | Action::EditMedia { .. }
            | Action::DeleteMedia { .. }
            | Action::RetryMedia { .. } => {}
        }
    }

    /// No acknowledged edit is lost: what a new device gets is what the acknowledged edits make.
    pub(super) fn assert_server(&self, server: &Observed) {
        let todos: BTreeMap<_, _> = server.live().map(|todo| ((todo.list, todo.id), todo)).collect();
        let expected = self
            .todos
            .iter()
            .filter(|((list, _), fields)| !self.deleted.contains(list) && !fields.contains_key("deleted"));
        let expected: BTreeMap<_, _> = expected.collect();
        assert_eq!(todos.keys().collect::<Vec<_>>(), expected.keys().copied().collect::<Vec<_>>());
        for (id, todo) in todos {
            let now = Fields::from([
                ("title", todo.title.clone()),
                ("notes", todo.notes.clone()),
                ("done", format!("{:?}", todo.done_at)),
                ("due", format!("{:?}", todo.due)),
                ("order", todo.order.to_string()),
                ("parent", format!("{:?}", todo.parent)),
            ]);
            assert_eq!(&now, expected[&id]);
        }
        let kept = |(list, _): &(ListId, MediaId), fields: &Fields| {
            !self.deleted.contains(list) && !fields.contains_key("deleted")
        };
        let expected: BTreeMap<_, _> = self.media.iter().filter(|(id, fields)| kept(id, fields)).collect();
        let there: Vec<_> =
            server.live_media().map(|media| ((media.list, media.id), media::fields(media))).collect();
        let there: BTreeMap<_, _> = there.iter().map(|(id, fields)| (id, fields)).collect();
        assert_eq!(there, expected);
        let lists = self.lists.iter().filter(|(id, _)| !self.deleted.contains(id));
        let expected: BTreeMap<_, _> = lists.map(|(id, (_, fields))| (*id, fields.clone())).collect();
        let fields = |list: &crate::model::List| {
            Fields::from([
                ("title", list.title.clone()),
                ("colour", format!("{:?}", list.colour)),
                ("order", list.order.to_string()),
                ("archived", list.archived.to_string()),
            ])
        };
        let lists: BTreeMap<_, _> = server.lists().map(|view| (view.list.id, fields(&view.list))).collect();
        assert_eq!(lists, expected);
    }

    /// Every edit took effect or was taken back with a reason, and not both.
    pub(super) fn assert_nothing_lost(&self) {
        for (entry, (list, action)) in &self.made {
            let (applied, reported) = (self.applied.contains(entry), self.reported.contains_key(entry));
            // Whoever deletes a list drops what else they had changed in it.
            let unwanted = self.deleted.contains(list);
            let after_all = self.after_all.contains(entry);
            assert!(applied || reported || unwanted, "{action:?} was lost");
            assert!(
                !(applied && reported) || unwanted || after_all,
                "{action:?} took effect but was reported as refused"
            );
        }
    }
}

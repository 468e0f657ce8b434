//! What the store knows at one moment, and what can be read from it.

use std::{collections::HashSet, sync::Arc};

use domain::{
    id::{EntryId, ListId, TodoId},
    model::Todo,
    sync::{ListView, Replica, Touched},
    time::{Day, Timestamp},
};

use super::{
    types::{Account, Connection, Notice, NoticeId, NoticeKind, Phase},
    watch::Topic,
};

/// A calendar day where the user is, and the instants at which it starts and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LocalDay {
    pub(super) day: Day,
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) phase: Phase,
    pub(super) account: Option<Account>,
    pub(super) connection: Connection,
    pub(super) day: Option<LocalDay>,
    pub(super) replica: Option<Replica>,
    /// Notices that are not the replica's.
    pub(super) own_notices: Vec<Notice>,
}

impl State {
    pub(super) fn lists(&self) -> Arc<Vec<ListId>> {
        self.replica.as_ref().map(Replica::lists).unwrap_or_default()
    }

    pub(super) fn archived(&self) -> Arc<Vec<ListId>> {
        self.replica.as_ref().map(Replica::archived).unwrap_or_default()
    }

    pub(super) fn list(&self, list: ListId) -> Option<ListView> {
        self.replica.as_ref()?.list(list).cloned()
    }

    pub(super) fn todos(&self, list: ListId) -> Arc<Vec<TodoId>> {
        self.replica.as_ref().map(|replica| replica.todos(list)).unwrap_or_default()
    }

    pub(super) fn subtasks(&self, list: ListId, parent: TodoId) -> Arc<Vec<TodoId>> {
        self.replica.as_ref().map(|replica| replica.subtasks(list, parent)).unwrap_or_default()
    }

    pub(super) fn todo(&self, list: ListId, todo: TodoId) -> Option<Todo> {
        self.replica.as_ref()?.todo(list, todo).filter(|todo| todo.is_live()).cloned()
    }

    pub(super) fn progress(&self, list: ListId, todo: TodoId) -> (usize, usize) {
        self.replica.as_ref().map_or((0, 0), |replica| replica.progress(list, todo))
    }

    pub(super) fn is_open(&self, list: ListId, todo: TodoId) -> bool {
        let todo = self.replica.as_ref().and_then(|replica| replica.todo(list, todo));
        todo.is_some_and(|todo| todo.is_live() && todo.done_at.is_none())
    }

    pub(super) fn open_todos(&self, list: ListId) -> Arc<Vec<TodoId>> {
        self.replica.as_ref().map(|replica| replica.open_todos(list)).unwrap_or_default()
    }

    pub(super) fn find(
        &self,
        list: ListId,
        limit: usize,
        fits: impl Fn(&str) -> bool,
    ) -> Vec<(TodoId, String)> {
        let Some(replica) = &self.replica else { return Vec::new() };
        let todos = replica.todos(list);
        let todos = todos.iter().filter_map(|todo| replica.todo(list, *todo));
        todos.filter(|todo| fits(&todo.title)).take(limit).map(|todo| (todo.id, todo.title.clone())).collect()
    }

    pub(super) fn today(&self) -> Arc<Vec<(ListId, TodoId)>> {
        let (Some(replica), Some(today)) = (&self.replica, self.day) else { return Arc::default() };
        Arc::new(replica.today(today.day, today.start..today.end))
    }

    pub(super) fn is_unsaved(&self, list: ListId, todo: TodoId) -> bool {
        self.replica.as_ref().is_some_and(|replica| replica.is_unsaved(list, todo))
    }

    pub(super) fn unsaved_count(&self) -> usize {
        self.replica.as_ref().map_or(0, Replica::unsaved_count)
    }

    pub(super) fn notices(&self) -> Arc<Vec<Notice>> {
        let refusals = self.replica.iter().flat_map(Replica::refusals).map(|refusal| Notice {
            id: NoticeId(refusal.id),
            what: NoticeKind::Refused {
                list: refusal.list,
                list_title: refusal.list_title.clone(),
                action: Box::new(refusal.action.clone()),
                code: refusal.code,
            },
        });
        Arc::new(self.own_notices.iter().cloned().chain(refusals).collect())
    }

    /// Says it once, however often it happens.
    pub(super) fn notify(&mut self, what: NoticeKind, touched: &mut HashSet<Topic>) {
        if !self.own_notices.iter().any(|notice| notice.what == what) {
            self.own_notices.push(Notice { id: NoticeId(EntryId::fresh()), what });
            touched.insert(Topic::Notices);
        }
    }

    /// It is no longer so.
    pub(super) fn retract(&mut self, what: &NoticeKind, touched: &mut HashSet<Topic>) {
        self.own_notices.retain(|notice| notice.what != *what);
        touched.insert(Topic::Notices);
    }
}

/// The topics of what a step touched.
pub(super) fn topics(touched: &Touched, topics: &mut HashSet<Topic>) {
    let flags = [
        (touched.lists, Topic::Lists),
        (touched.today, Topic::Today),
        (touched.gallery, Topic::Gallery),
        (touched.media_bytes, Topic::MediaBytes),
        (touched.outbox, Topic::UnsavedCount),
        (touched.refusals, Topic::Notices),
    ];
    topics.extend(flags.into_iter().filter(|(is, _)| *is).map(|(_, topic)| topic));
    topics.extend(touched.list.iter().map(|list| Topic::List(*list)));
    topics.extend(touched.order.iter().map(|list| Topic::Todos(*list)));
    topics.extend(touched.open.iter().map(|list| Topic::OpenCount(*list)));
    topics.extend(touched.todos.iter().map(|(list, todo)| Topic::Todo(*list, *todo)));
    topics.extend(touched.subtasks.iter().map(|(list, todo)| Topic::Subtasks(*list, *todo)));
    topics.extend(touched.progress.iter().map(|(list, todo)| Topic::Progress(*list, *todo)));
    topics.extend(touched.media.iter().map(|(list, id)| Topic::Media(*list, *id)));
    topics.extend(touched.media_order.iter().map(|(list, todo)| Topic::MediaOf(*list, *todo)));
    topics.extend(touched.media_unsaved.iter().map(|(list, id)| Topic::MediaUnsaved(*list, *id)));
    topics.extend(touched.unsaved.iter().map(|(list, todo)| Topic::Unsaved(*list, *todo)));
}

//! What the store knows at one moment, and what can be read from it.

use std::sync::Arc;

use domain::{
    id::{ListId, TodoId},
    model::Todo,
    time::Day,
};

use super::types::{Account, Connection, ListView, Notice, Phase};

#[derive(Default)]
pub(super) struct State {
    pub(super) phase: Phase,
    pub(super) account: Option<Account>,
    pub(super) connection: Connection,
    pub(super) notices: Arc<Vec<Notice>>,
    pub(super) day: Option<Day>,
}

impl State {
    pub(super) fn lists(&self, _archived: bool) -> Arc<Vec<ListId>> {
        Arc::default()
    }
    pub(super) fn list(&self, _list: ListId) -> Option<ListView> {
        None
    }
    pub(super) fn todos(&self, _list: ListId) -> Arc<Vec<TodoId>> {
        Arc::default()
    }
    pub(super) fn subtasks(&self, _list: ListId, _parent: TodoId) -> Arc<Vec<TodoId>> {
        Arc::default()
    }
    pub(super) fn todo(&self, _list: ListId, _todo: TodoId) -> Option<Todo> {
        None
    }
    pub(super) fn progress(&self, _list: ListId, _todo: TodoId) -> (usize, usize) {
        (0, 0)
    }
    pub(super) fn open_count(&self, _list: ListId) -> usize {
        0
    }
    pub(super) fn today(&self) -> Arc<Vec<(ListId, TodoId)>> {
        Arc::default()
    }
    pub(super) fn unsaved(&self, _todo: TodoId) -> bool {
        false
    }
    pub(super) fn unsaved_count(&self) -> usize {
        0
    }
}

//! Fine-grained observation: one trigger for each thing that is being looked at, and none for the rest.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    sync::{Arc, Weak},
};

use domain::id::{ListId, TodoId};
use leptos::prelude::*;

use super::state::State;

/// A thing that can be looked at by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Topic {
    /// Phase and account.
    Account,
    Connection,
    Notices,
    Day,
    /// Which lists there are, in which order.
    Lists,
    List(ListId),
    /// Which todos a list shows, in which order.
    Todos(ListId),
    Subtasks(ListId, TodoId),
    Todo(ListId, TodoId),
    Counts(ListId),
    Today,
    Unsaved(TodoId),
    UnsavedCount,
}

/// The state and who looks at which part of it.
#[derive(Default)]
struct Watch {
    state: RefCell<State>,
    topics: RefCell<HashMap<Topic, Weak<ArcTrigger>>>,
}

/// A copyable handle on the state.
#[derive(Clone, Copy)]
pub(super) struct Watched(StoredValue<Watch, LocalStorage>);

impl Watched {
    pub(super) fn new() -> Self {
        Self(StoredValue::new_local(Watch::default()))
    }

    /// Reads the state as it is now. `None` while it is being changed, or after the app has gone.
    pub(super) fn now<T>(self, read: impl FnOnce(&State) -> T) -> Option<T> {
        self.0.try_with_value(|watch| watch.state.try_borrow().ok().map(|state| read(&state))).flatten()
    }

    /// A signal of what `read` gives, computed again when the topic is touched.
    pub(super) fn signal<T>(
        self,
        topic: Topic,
        read: impl Fn(&State) -> T + Send + Sync + 'static,
    ) -> Signal<T>
    where
        T: Clone + Default + PartialEq + Send + Sync + 'static,
    {
        let trigger = self.trigger(topic);
        Memo::new(move |last: Option<&T>| {
            trigger.track();
            self.now(&read).or_else(|| last.cloned()).unwrap_or_default()
        })
        .into()
    }

    /// Changes the state, then wakes whoever looks at the topics that `change` names.
    pub(super) fn change<T>(self, change: impl FnOnce(&mut State, &mut HashSet<Topic>) -> T) -> Option<T> {
        let mut touched = HashSet::new();
        let result = self
            .0
            .try_with_value(|watch| Some(change(&mut *watch.state.try_borrow_mut().ok()?, &mut touched)))
            .flatten();
        let triggers: Vec<_> = touched.into_iter().filter_map(|topic| self.watcher(topic)).collect();
        for trigger in triggers {
            trigger.notify();
        }
        result
    }

    fn watcher(self, topic: Topic) -> Option<Arc<ArcTrigger>> {
        self.0.try_with_value(|watch| watch.topics.borrow().get(&topic)?.upgrade()).flatten()
    }

    fn trigger(self, topic: Topic) -> Arc<ArcTrigger> {
        if let Some(trigger) = self.watcher(topic) {
            return trigger;
        }
        let trigger = Arc::new(ArcTrigger::new());
        self.0.try_with_value(|watch| {
            let mut topics = watch.topics.borrow_mut();
            // Rows scroll in and out by the thousand: forget those that nobody looks at before growing.
            if topics.len() == topics.capacity() {
                topics.retain(|_, trigger| trigger.strong_count() > 0);
            }
            topics.insert(topic, Arc::downgrade(&trigger));
        });
        trigger
    }
}

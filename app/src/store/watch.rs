//! Fine-grained observation: one trigger for each thing that is being looked at, and none for the rest.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    sync::{Arc, Weak},
};

use domain::id::{ListId, MediaId, TodoId};
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
    Progress(ListId, TodoId),
    OpenCount(ListId),
    Today,
    Unsaved(ListId, TodoId),
    Media(ListId, MediaId),
    /// Which media a todo shows, in which order.
    MediaOf(ListId, TodoId),
    MediaUnsaved(ListId, MediaId),
    Gallery,
    MediaBytes,
    UnsavedCount,
}

/// The state and who looks at which part of it.
#[derive(Default)]
struct Watch {
    state: RefCell<State>,
    topics: RefCell<HashMap<Topic, Weak<ArcTrigger>>>,
}

/// A copyable handle on the state. Outside the browser there is none: pages are rendered by several threads.
#[derive(Clone, Copy)]
pub(super) struct Watched(Option<StoredValue<Watch, LocalStorage>>);

impl Watched {
    /// A state to be changed.
    pub(super) fn new() -> Self {
        Self(Some(StoredValue::new_local(Watch::default())))
    }

    /// The initial state for good.
    pub(super) const fn fixed() -> Self {
        Self(None)
    }

    fn with<T>(self, run: impl FnOnce(&Watch) -> Option<T>) -> Option<T> {
        self.0?.try_with_value(run).flatten()
    }

    /// Reads the state as it is now. `None` while it is being changed, or after the app has gone.
    pub(super) fn now<T>(self, read: impl FnOnce(&State) -> T) -> Option<T> {
        if self.0.is_none() {
            return Some(read(&State::default()));
        }
        self.with(|watch| Some(read(&*watch.state.try_borrow().ok()?)))
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
        let result = self.with(|watch| Some(change(&mut *watch.state.try_borrow_mut().ok()?, &mut touched)));
        self.wake(touched);
        result
    }

    /// Wakes whoever looks at anything: the whole state is another now.
    pub(super) fn wake_all(self) {
        let topics = self.with(|watch| Some(watch.topics.try_borrow().ok()?.keys().copied().collect()));
        self.wake(topics.unwrap_or_default());
    }

    fn wake(self, touched: HashSet<Topic>) {
        // Collected first: who is woken may look at new things.
        let triggers: Vec<_> = touched.into_iter().filter_map(|topic| self.watcher(topic)).collect();
        for trigger in triggers {
            trigger.notify();
        }
    }

    fn watcher(self, topic: Topic) -> Option<Arc<ArcTrigger>> {
        self.with(|watch| watch.topics.try_borrow().ok()?.get(&topic)?.upgrade())
    }

    fn trigger(self, topic: Topic) -> Arc<ArcTrigger> {
        if let Some(trigger) = self.watcher(topic) {
            return trigger;
        }
        let trigger = Arc::new(ArcTrigger::new());
        self.with(|watch| {
            let mut topics = watch.topics.try_borrow_mut().ok()?;
            // Rows scroll in and out by the thousand: forget those that nobody looks at before growing.
            if topics.len() == topics.capacity() {
                topics.retain(|_, trigger| trigger.strong_count() > 0);
            }
            topics.insert(topic, Arc::downgrade(&trigger))
        });
        trigger
    }
}

//! What is on the screen beside the user's data: the dialog that is open, messages in passing, what a screen
//! reader is told.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use domain::{
    id::{ListId, MediaId, TodoId},
    time::{Day, Timestamp},
};
use leptos::prelude::*;

use crate::store::Store;

/// The dialog that is open; there is at most one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overlay {
    QuickAdd,
    Palette,
    Help,
    Due(ListId, TodoId),
    /// The day that all chosen todos are due.
    DueOfChosen,
    NewList,
    EditList(ListId),
    DeleteList(ListId),
    /// A photo or video over everything; with `delete`, asking first whether to delete it.
    Lightbox {
        scope: Scope,
        list: ListId,
        media: MediaId,
        delete: bool,
    },
    /// Files that were picked and not added.
    NotAdded,
}

/// What the next picture is the next of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All of a todo, in its list.
    Todo(TodoId),
    /// All there are.
    Gallery,
}

/// The words on a message's button and what it does.
pub(crate) type ToastAction = (&'static str, Arc<dyn Fn() + Send + Sync>);

/// A message in passing, perhaps with something to do about it.
#[derive(Clone)]
pub(crate) struct Toast {
    pub(crate) id: u64,
    pub(crate) text: String,
    pub(crate) action: Option<ToastAction>,
}

/// A handle on the state of the screen.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    pub(crate) overlay: RwSignal<Option<Overlay>>,
    pub(crate) toasts: RwSignal<Vec<Toast>>,
    /// Said by screen readers when it changes.
    pub(crate) said: RwSignal<String>,
    /// Todos ticked off a moment ago, which stay in their place until they have settled.
    pub(crate) settling: RwSignal<Vec<TodoId>>,
    /// Todos that were chosen to do something to all of them.
    pub(crate) chosen: RwSignal<BTreeSet<(ListId, TodoId)>>,
    /// Whether the lists show over the page, where there is no room for them beside it.
    pub(crate) drawer: RwSignal<bool>,
    /// How often the user asked to fetch again what could not be fetched.
    pub(crate) tries: RwSignal<u32>,
    /// When the user last changed something here, so that changes from elsewhere can be told apart.
    acted_at: StoredValue<Timestamp>,
    next_toast: StoredValue<u64>,
}

/// For so many milliseconds after the user did something, what changes is taken for the user's doing.
const OWN_CHANGE: i64 = 800;
const TOAST_TIME: Duration = Duration::from_secs(7);

impl Ui {
    pub(crate) fn provide() -> Self {
        let ui = Self {
            overlay: RwSignal::new(None),
            toasts: RwSignal::new(Vec::new()),
            said: RwSignal::new(String::new()),
            settling: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(BTreeSet::new()),
            drawer: RwSignal::new(false),
            tries: RwSignal::new(0),
            acted_at: StoredValue::new(Timestamp(0)),
            next_toast: StoredValue::new(0),
        };
        provide_context(ui);
        ui
    }

    pub(crate) fn open(self, overlay: Overlay) {
        self.overlay.set(Some(overlay));
    }

    pub(crate) fn close(self) {
        self.overlay.set(None);
    }

    /// Shows a message for some seconds.
    pub(crate) fn toast(self, text: String) {
        self.show(text, None, Some(TOAST_TIME));
    }

    /// Shows a message with a button for some seconds.
    pub(crate) fn toast_with(
        self,
        text: String,
        label: &'static str,
        act: impl Fn() + Send + Sync + 'static,
    ) {
        self.show(text, Some((label, Arc::new(act))), Some(TOAST_TIME));
    }

    /// Shows a message with a button until it is dismissed.
    pub(crate) fn offer(self, text: String, label: &'static str, act: impl Fn() + Send + Sync + 'static) {
        self.show(text, Some((label, Arc::new(act))), None);
    }

    fn show(self, text: String, action: Option<ToastAction>, time: Option<Duration>) {
        let id = self.next_toast.get_value();
        self.next_toast.set_value(id + 1);
        self.toasts.update(|toasts| {
            // The newest three: more than that nobody reads.
            if toasts.len() >= 3 {
                toasts.remove(0);
            }
            toasts.push(Toast { id, text, action });
        });
        if let Some(time) = time {
            set_timeout(move || self.dismiss(id), time);
        }
    }

    pub(crate) fn dismiss(self, id: u64) {
        // The page may be gone by the time that a message runs out.
        self.toasts.try_update(|toasts| toasts.retain(|toast| toast.id != id));
    }

    /// The user changes something here.
    pub(crate) fn acting(self, now: Timestamp) {
        self.acted_at.set_value(now);
    }

    /// Whether a change that shows now is likely to come from another device or tab.
    pub(crate) fn is_from_elsewhere(self, now: Timestamp) -> bool {
        now.0 - self.acted_at.get_value().0 > OWN_CHANGE
    }

    /// Has screen readers say it.
    pub(crate) fn say(self, text: String) {
        self.said.set(text);
    }
}

/// The state of the screen that [`Ui::provide`] made above.
pub(crate) fn use_ui() -> Ui {
    use_context::<Ui>().unwrap_or_else(Ui::provide)
}

/// Whether it has been so for a while.
pub(crate) fn lasting(is: impl Fn() -> bool + Send + Sync + 'static, a_while: Duration) -> ReadSignal<bool> {
    let (lasts, set_lasts) = signal(false);
    let is = Memo::new(move |_| is());
    Effect::new(move || {
        if is.get() {
            let timer = set_timeout_with_handle(move || set_lasts.set(true), a_while);
            on_cleanup(move || drop(timer.map(|timer| timer.clear())));
        } else if lasts.get_untracked() {
            set_lasts.set(false);
        }
    });
    lasts
}

/// The day it is for the user; while prerendering, some day.
pub(crate) fn today(store: Store) -> Day {
    store.day().get_untracked().unwrap_or_else(epoch)
}

/// [`today`] as a signal.
pub(crate) fn today_signal(store: Store) -> Signal<Day> {
    let day = store.day();
    Signal::derive(move || day.get().unwrap_or_else(epoch))
}

pub(crate) fn epoch() -> Day {
    // A constant date that exists.
    #[expect(clippy::expect_used, reason = "the first day of 1970 is a day")]
    Day::new(1970, 1, 1).expect("a day")
}

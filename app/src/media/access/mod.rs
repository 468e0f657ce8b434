//! Leave to look at media: a query for each list whose media are in sight, renewed before it ends.

mod book;

use std::collections::HashMap;

use domain::id::ListId;
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

use self::book::Book;
use crate::store::Store;

/// The longest that a timer of the browser is set for, in milliseconds.
const LONGEST_WAIT: i64 = 600_000;

/// A handle on the leave to look.
#[derive(Clone, Copy)]
pub(super) struct Access {
    book: StoredValue<Book>,
    /// For each list the query, and whether the server was asked in vain.
    answers: RwSignal<HashMap<ListId, Answer>>,
    asking: StoredValue<bool>,
    /// Counts how often a timer was set, so that the last one alone counts.
    timers: StoredValue<u32>,
}

/// What is known about the leave for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// It goes after the `?` of an address.
    Query(String),
    /// There is none to be had now: what this device keeps can be looked at without.
    None,
}

impl Access {
    pub(super) fn new() -> Self {
        Self {
            book: StoredValue::new(Book::default()),
            answers: RwSignal::new(HashMap::new()),
            asking: StoredValue::new(false),
            timers: StoredValue::new(0),
        }
    }

    /// The leave for a list, kept fresh as long as the current owner lives. `None` until something is known.
    pub(super) fn of(self, store: Store, list: ListId) -> Signal<Option<Answer>> {
        self.book.update_value(|book| book.open(list));
        on_cleanup(move || {
            self.book.try_update_value(|book| book.close(list));
        });
        // Everything that comes into sight in this frame is asked for in one request.
        self.ask_in(store, 0);
        Memo::new(move |_| self.answers.with(|answers| answers.get(&list).cloned())).into()
    }

    /// The query that holds now, once.
    pub(super) fn now(self, store: Store, list: ListId) -> Option<String> {
        let now = store.now();
        self.book.try_with_value(|book| book.query(list, now).map(str::to_owned)).flatten()
    }

    /// A picture could not be had with the query in hand.
    pub(super) fn refuse(self, store: Store, list: ListId) {
        self.book.try_update_value(|book| book.refuse(list));
        self.ask_in(store, 1_000);
    }

    /// The network may be back.
    pub(super) fn wake(self, store: Store) {
        self.book.try_update_value(Book::wake);
        self.ask_in(store, 0);
    }

    fn ask_in(self, store: Store, millis: u32) {
        let Some(timer) = self.timers.try_update_value(|timers| {
            *timers = timers.wrapping_add(1);
            *timers
        }) else {
            return;
        };
        spawn_local(async move {
            TimeoutFuture::new(millis).await;
            if self.timers.try_get_value() == Some(timer) {
                self.ask(store).await;
            }
        });
    }

    async fn ask(self, store: Store) {
        if self.asking.try_get_value() != Some(false) {
            return;
        }
        let due = |now| self.book.try_with_value(|book| book.due(now)).unwrap_or_default();
        self.asking.try_set_value(true);
        loop {
            let lists = due(store.now());
            if lists.is_empty() {
                break;
            }
            let answer = store.media_access(&lists).await;
            let now = store.now();
            self.book.try_update_value(|book| match answer {
                Ok(granted) => book.answered(&lists, granted, now),
                Err(error) => book.failed(&lists, now, js_sys::Math::random(), error.retry_after),
            });
            self.show(store, &lists);
        }
        self.asking.try_set_value(false);
        if let Some(next) = self.book.try_with_value(Book::next).flatten() {
            let wait = (next.0 - store.now().0).clamp(0, LONGEST_WAIT);
            self.ask_in(store, u32::try_from(wait).unwrap_or(0));
        }
    }

    fn show(self, store: Store, lists: &[ListId]) {
        let now = store.now();
        let answer = |list: &ListId| {
            let query = self.book.try_with_value(|book| book.query(*list, now).map(str::to_owned)).flatten();
            query.map_or(Answer::None, Answer::Query)
        };
        let fresh: Vec<_> = lists.iter().map(|list| (*list, answer(list))).collect();
        self.answers.try_update(|answers| answers.extend(fresh));
    }
}

//! What runs behind the store in the browser: storage, sending and fetching, other tabs, the session.

mod backoff;
pub(super) mod browser;
mod channel;
mod courier;
mod journal;
mod listen;
mod live;
mod locks;
mod message;
mod record;
mod revisions;
mod session;
mod socket;
mod storage;
mod tabs;
#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
mod wake;

use std::rc::Rc;

use domain::sync::Replica;
use futures::future::LocalBoxFuture;
use leptos::{logging, prelude::*, task::spawn_local};

pub(super) use self::live::Live;
pub(crate) use self::{
    backoff::Backoff,
    browser::Listener,
    channel::Channel,
    locks::{Withdraw, acquire},
};
use self::{
    record::Record,
    storage::{Closed, Storage},
};
use super::{
    state::State,
    types::{Account, Connection, NoticeKind, Phase, SignOutError, Unsent},
    watch::{Topic, Watched},
};
use crate::{
    api::auth,
    later::{self, NotLoaded, later},
};

/// The engine of one tab: at most one user at a time is live in it.
#[derive(Clone, Copy)]
pub(super) struct Engine(Option<StoredValue<Running, LocalStorage>>);

#[derive(Default)]
struct Running {
    live: Option<Rc<Live>>,
    _listeners: Vec<Listener>,
}

impl Engine {
    /// No engine, as outside the browser.
    pub(super) const fn idle() -> Self {
        Self(None)
    }

    /// Starts with whom this device knows. Nothing waits for the network.
    pub(super) fn start(watched: Watched) -> Self {
        let engine = Self(Some(StoredValue::new_local(Running::default())));
        // Another tab signed in or out.
        let accounts = Listener::on_window("storage", move |event| {
            let key = js_sys::Reflect::get(&event, &"key".into()).ok().and_then(|key| key.as_string());
            if key.is_none_or(|key| key == record::KEY) {
                engine.follow_record(watched);
            }
        });
        let online = Listener::on_window("online", move |_| {
            engine.try_again();
            spawn_local(pay_sign_out());
        });
        if let Some(running) = engine.0 {
            running.try_update_value(|running| running._listeners.extend(accounts.into_iter().chain(online)));
        }
        spawn_local(pay_sign_out());
        keep_day(watched);
        // Not before the first rendering is done: it shows the skeleton that the prerendered page showed.
        spawn_local(async move { engine.follow_record(watched) });
        on_cleanup(move || {
            if let Some(live) = engine.live() {
                live.close();
            }
        });
        engine
    }

    /// The data of the user who is signed in.
    pub(super) fn live(self) -> Option<Rc<Live>> {
        self.0?.try_with_value(|running| running.live.clone()).flatten()
    }

    fn set_live(self, live: Option<Rc<Live>>) {
        if let Some(running) = self.0 {
            let old =
                running.try_update_value(|running| std::mem::replace(&mut running.live, live)).flatten();
            if let Some(old) = old {
                old.close();
            }
        }
    }

    /// Brings this tab in line with who is signed in on this device.
    fn follow_record(self, watched: Watched) {
        match record::read() {
            Some(record) if record.waiting.is_none() => {
                if self.live().is_none_or(|live| live.user != record.id || !live.is_open()) {
                    self.open(watched, &record, None);
                }
            }
            record => {
                self.set_live(None);
                signed_out(watched, record);
            }
        }
    }

    /// Makes the user's data live in this tab.
    fn open(self, watched: Watched, record: &Record, signed_in: Option<&auth::SignedIn>) {
        let live = Live::new(record.id, record.email.clone(), watched);
        if let Some(signed_in) = signed_in {
            live.session.take(signed_in);
        }
        self.set_live(Some(Rc::clone(&live)));
        spawn_local(run(live));
    }

    /// A code was right: this user is signed in on this device.
    pub(super) fn signed_in(self, watched: Watched, signed_in: &auth::SignedIn) {
        let record = Record { id: signed_in.user.id, email: signed_in.user.email.clone(), waiting: None };
        record::write(&record);
        // The new session's cookie has taken the place of the old one's.
        record::sign_out_paid();
        self.open(watched, &record, Some(signed_in));
    }

    /// Fetches the engine's code again where it could not be fetched before.
    pub(super) fn try_again(self) {
        if let Some(live) = self.live() {
            live.bell.ring(wake::Reason::Now);
        }
    }

    /// Ends the session and takes the user's data off this device.
    pub(super) async fn sign_out(self, unsent: Unsent) -> Result<(), SignOutError> {
        let Some(live) = self.live() else { return Ok(()) };
        let count = live.ask(Replica::unsaved_count).unwrap_or(0);
        if count > 0 && unsent == Unsent::Keep {
            return Err(SignOutError::Unsent(count));
        }
        live.forget().await;
        record::owe_sign_out();
        pay_sign_out().await;
        Ok(())
    }
}

/// Runs the engine, once its code is there.
async fn run(live: Rc<Live>) {
    while live.is_open() {
        match work(Rc::clone(&live)).await {
            Ok(work) => return work.await,
            Err(NotLoaded) => {
                live.turn(Phase::Missing);
                live.bell.rung(wake::Reason::Now).await;
                live.turn(Phase::Starting);
            }
        }
    }
}

later! {
    /// All that works on a user's data. It comes with the screens that show them.
    signed_in: fn work(live: Rc<Live>) -> LocalBoxFuture<'static, ()> {
        Box::pin(async move {
            live.load().await;
            if live.is_open() {
                live.lead().await;
            }
        })
    }
}

impl Live {
    /// Reads what this device knows and shows it.
    async fn load(self: &Rc<Self>) {
        self.join();
        // Before anything is known: the other tabs may have said meanwhile how it goes.
        self.show(if browser::is_offline() { Connection::Offline } else { Connection::Syncing });
        let weak = Rc::downgrade(self);
        let opened = Storage::open(self.user, move |closed| {
            let Some(live) = weak.upgrade().filter(|live| live.is_open()) else { return };
            live.storage.take();
            if closed == Closed::ForNewer {
                live.notify(NoticeKind::ReloadNeeded);
            }
        });
        let (mut rows, mut revision) = (Vec::new(), 0);
        match opened.await {
            Ok(storage) => match storage.load().await {
                Ok(loaded) => {
                    (rows, revision) = loaded;
                    self.storage.replace(Some(Rc::new(storage)));
                }
                Err(error) => self.cant_store(&error),
            },
            Err(error) => self.cant_store(&error),
        }
        if !self.is_open() {
            return;
        }
        let early = self.revisions.try_borrow_mut().map(|mut revisions| revisions.restart(revision));
        let replica = Replica::load(self.user, rows);
        self.watched.change(|state, _| {
            let (day, connection) = (state.day, state.connection);
            let notices = std::mem::take(&mut state.own_notices);
            *state = State {
                phase: Phase::Ready,
                account: Some(Account { id: self.user, email: self.email.clone() }),
                connection,
                day,
                replica: Some(replica),
                own_notices: notices,
            };
            state.own_notices.retain(|notice| !matches!(notice.what, NoticeKind::SignInToSend { .. }));
        });
        early.unwrap_or_default().into_iter().for_each(|writes| self.absorb(writes));
        self.watched.wake_all();
        self.heed_browser();
    }

    /// Takes the user's data off this device, in all tabs.
    pub(super) async fn forget(&self) {
        self.close();
        if record::read().is_none_or(|record| record.id == self.user) {
            record::clear();
            signed_out(self.watched, None);
        }
        if let Err(error) = Storage::delete(self.user).await {
            logging::warn!("The data on this device could not be deleted: {error}");
        }
        match later::forget_media(self.user).await {
            Ok(forget) => forget.await,
            Err(error) => logging::warn!("Files on this device could not be deleted: {error}"),
        }
    }

    /// See [`super::Store::would_lose`].
    pub(super) fn would_lose(&self) -> bool {
        let is_stored = self.storage().is_some() && !self.journal.is_running();
        !is_stored && self.ask(Replica::unsaved_count).unwrap_or(0) > 0
    }

    /// There is something to send.
    pub(super) fn work(&self) {
        self.bell.ring(wake::Reason::Work);
    }

    fn cant_store(&self, error: &storage::StorageError) {
        logging::warn!("This device stores nothing: {error}");
        self.notify(NoticeKind::NotStored);
    }

    /// Tries the server when the network or the user comes back.
    fn heed_browser(self: &Rc<Self>) {
        let (online, offline, seen) = (Rc::downgrade(self), Rc::downgrade(self), Rc::downgrade(self));
        let listeners = [
            Listener::on_window("online", move |_| {
                if let Some(live) = online.upgrade() {
                    live.network_may_be_back();
                }
            }),
            Listener::on_window("offline", move |_| {
                if let Some(live) = offline.upgrade() {
                    live.show(Connection::Offline);
                }
            }),
            Listener::on_visibility(move |_| {
                if let Some(live) = seen.upgrade().filter(|_| browser::is_visible()) {
                    live.network_may_be_back();
                    spawn_local(async move { live.catch_up().await });
                }
            }),
        ];
        if let Ok(mut all) = self.listeners.try_borrow_mut() {
            all.extend(listeners.into_iter().flatten());
        }
    }
}

/// The server ended the session. What was never sent stays here for the next sign-in; without such, all goes.
async fn session_ended(live: &Rc<Live>) {
    let waiting = live.ask(Replica::unsaved_count).unwrap_or(0);
    if waiting == 0 {
        return live.forget().await;
    }
    live.all_stored().await;
    live.close();
    let record = Record { id: live.user, email: live.email.clone(), waiting: Some(waiting) };
    // Unless somebody else has signed in meanwhile.
    if record::read().is_none_or(|now| now.id == live.user) {
        record::write(&record);
        signed_out(live.watched, Some(record));
    }
}

/// Tells the server of a sign-out that it has not heard of: without a connection the session's cookie stays.
async fn pay_sign_out() {
    if !record::owes_sign_out() {
        return;
    }
    match auth::sign_out().await {
        Err(error) if error.is_temporary() => {
            logging::warn!("The server did not hear of the sign-out: {error}")
        }
        Ok(()) | Err(_) => record::sign_out_paid(),
    }
}

fn signed_out(watched: Watched, record: Option<Record>) {
    watched.change(|state, touched| {
        let day = state.day;
        *state = State { phase: Phase::SignedOut, day, ..State::default() };
        if let Some(Record { email, waiting: Some(waiting), .. }) = record {
            state.notify(NoticeKind::SignInToSend { email, waiting }, touched);
        }
    });
    watched.wake_all();
}

/// Keeps the day right, past midnight and past a closed lid.
fn keep_day(watched: Watched) {
    let set = move || {
        let day = browser::local_day();
        watched.change(|state, touched| {
            if state.day != day {
                state.day = day;
                touched.extend([Topic::Day, Topic::Today]);
            }
        })
    };
    spawn_local(async move {
        // Ends with the store.
        while set().is_some() {
            gloo_timers::future::TimeoutFuture::new(30_000).await;
        }
    });
}

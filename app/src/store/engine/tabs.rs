//! Several tabs of one user: one of them talks to the server, all show the same.

use std::rc::{Rc, Weak};

use domain::sync::{Replica, Write};
use gloo_timers::future::TimeoutFuture;
use leptos::{logging, task::spawn_local};

use super::{channel::Channel, courier, listen, live::Live, locks, message::Message, wake::Reason};
use crate::store::types::Connection;

/// How long what another tab stored may be on its way before the storage is read instead.
const GAP_MILLIS: u32 = 1_000;

impl Live {
    /// Begins to hear the other tabs.
    pub(super) fn join(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let channel = Channel::open(&format!("stack-{}", self.user), move |message| hear(&weak, message));
        channel.tell(&Message::Hello);
        if let Ok(mut slot) = self.channel.try_borrow_mut() {
            *slot = Some(channel);
        }
    }

    /// Waits until this tab is the one to talk to the server, then does so until the user signs out.
    pub(super) async fn lead(self: Rc<Self>) {
        let name = format!("stack-sync-{}", self.user);
        let Some(_lock) = locks::acquire(&name, Some(&self.withdraw)).await else { return };
        if !self.is_open() {
            return;
        }
        // The tab that led before may have gone between storing something and telling of it.
        self.catch_up().await;
        self.leads.set(true);
        spawn_local(listen::listen(Rc::clone(&self)));
        courier::run(&self).await;
        self.leads.set(false);
    }

    /// Reads the storage again if other tabs changed it and this one did not hear of it.
    pub(super) async fn catch_up(self: &Rc<Self>) {
        if self.catching_up.replace(true) {
            return;
        }
        if self.is_behind().await {
            // What is missing may just be on its way.
            TimeoutFuture::new(GAP_MILLIS).await;
            if self.is_behind().await {
                self.reload().await;
            }
        }
        self.catching_up.set(false);
    }

    async fn is_behind(self: &Rc<Self>) -> bool {
        self.all_stored().await;
        let Some(storage) = self.storage() else { return false };
        storage.revision().await.is_ok_and(|revision| revision > self.reached())
    }

    pub(super) fn reached(&self) -> u64 {
        self.revisions.try_borrow().map_or(u64::MAX, |revisions| revisions.reached())
    }

    /// Reads everything from storage. Nothing of this tab's own is lost: it is stored first.
    async fn reload(self: &Rc<Self>) {
        let Some(storage) = self.storage() else { return };
        while self.is_open() {
            self.all_stored().await;
            let (rows, revision) = match storage.load().await {
                Ok(loaded) => loaded,
                Err(error) => return logging::warn!("The storage can't be read again: {error}"),
            };
            if self.journal.is_failing() {
                return;
            }
            // Something was changed while this was read: what was read does not have it.
            if self.journal.is_running() || self.reached() > revision {
                continue;
            }
            let early = self.revisions.try_borrow_mut().map(|mut revisions| revisions.restart(revision));
            self.loads.set(self.loads.get().wrapping_add(1));
            self.watched.change(|state, _| state.replica = Some(Replica::load(self.user, rows)));
            early.unwrap_or_default().into_iter().for_each(|writes| self.absorb(writes));
            self.watched.wake_all();
            self.heads_due.set(true);
            self.bell.ring(Reason::Work);
            return;
        }
    }

    fn take_in(self: &Rc<Self>, revision: u64, writes: Vec<Write>) {
        if self.storage().is_none() {
            // This tab stores nothing and has no place in the order.
            return self.absorb(writes);
        }
        let Ok(ready) =
            self.revisions.try_borrow_mut().map(|mut revisions| revisions.others(revision, writes))
        else {
            return;
        };
        for writes in ready {
            self.absorb(writes);
        }
        // There may be something to send, if this is the tab that sends.
        self.bell.ring(Reason::Work);
        if self.revisions.try_borrow().is_ok_and(|revisions| revisions.has_gap()) {
            let live = Rc::clone(self);
            spawn_local(async move { live.catch_up().await });
        }
    }
}

fn hear(live: &Weak<Live>, message: Message) {
    let Some(live) = live.upgrade().filter(|live| live.is_open()) else { return };
    match message {
        Message::Stored { revision, writes } => live.take_in(revision, writes),
        Message::Connection(connection) => live.show(connection),
        Message::Hello if live.leads.get() => {
            let connection = live.watched.now(|state| state.connection).unwrap_or(Connection::Offline);
            live.tell(&Message::Connection(connection));
        }
        Message::SyncNow if live.leads.get() => {
            // That tab shows it already, and waits to hear how it went.
            live.show(Connection::Syncing);
            live.sync_now();
        }
        Message::Hello | Message::SyncNow => {}
    }
}

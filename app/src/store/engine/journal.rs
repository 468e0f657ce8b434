//! Storing what changes, in the order in which it changed.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use domain::sync::{Replica, Write};
use futures::channel::oneshot;
use leptos::{logging, task::spawn_local};

use super::{
    browser::within,
    live::Live,
    message::Message,
    storage::Storage,
    wake::{Bell, Reason},
};
use crate::store::types::NoticeKind;

/// How long after a failure the storage is tried again, unless something else is to be stored before.
const RETRY_MILLIS: u32 = 15_000;

/// Writes that are not stored yet.
#[derive(Default)]
pub(super) struct Journal {
    queue: RefCell<Vec<Waiting>>,
    running: Cell<bool>,
    failing: Cell<bool>,
    more: Bell,
}

impl Journal {
    /// Whether something is not stored yet.
    pub(super) fn is_running(&self) -> bool {
        self.running.get()
    }

    /// Whether the browser did not store what it was given last.
    pub(super) fn is_failing(&self) -> bool {
        self.failing.get()
    }
}

struct Waiting {
    writes: Vec<Write>,
    stored: Option<oneshot::Sender<()>>,
}

/// Ready when the writes are stored, or when it turned out that the browser stores nothing.
pub(in crate::store) struct Stored(oneshot::Receiver<()>);

impl Stored {
    pub(in crate::store) async fn wait(self) {
        // The sender goes away with the user's data, and then nobody cares.
        let _ = self.0.await;
    }
}

impl Live {
    /// Queues the writes of one step.
    pub(super) fn store(self: &Rc<Self>, writes: Vec<Write>) -> Stored {
        let (sender, receiver) = oneshot::channel();
        if writes.is_empty() && !self.journal.running.get() {
            return Stored(receiver);
        }
        if let Ok(mut queue) = self.journal.queue.try_borrow_mut() {
            queue.push(Waiting { writes, stored: Some(sender) });
        }
        self.journal.more.ring(Reason::Work);
        if !self.journal.running.replace(true) {
            spawn_local(Rc::clone(self).write_all());
        }
        Stored(receiver)
    }

    /// Ready when all that was queued so far is stored.
    pub(in crate::store) async fn all_stored(self: &Rc<Self>) {
        self.store(Vec::new()).wait().await;
    }

    /// Puts the rows that there are in the place of all that was written, once that has grown much longer.
    pub(super) async fn shorten(self: &Rc<Self>) {
        let Some(storage) = self.storage() else { return };
        if self.ask(|replica| storage.is_long(replica.row_count())) != Some(true) {
            return;
        }
        self.all_stored().await;
        // Something was changed meanwhile, or can't be stored: another time.
        if self.journal.is_running() || self.journal.is_failing() {
            return;
        }
        let Some(rows) = self.ask(Replica::rows) else { return };
        if let Err(error) = storage.snapshot(&rows, self.reached()).await {
            logging::warn!("The storage stays as long as it is: {error}");
        }
    }

    async fn write_all(self: Rc<Self>) {
        while let Some(mut waiting) = self.next_waiting() {
            let mut writes = Vec::new();
            let mut ready = Vec::new();
            for one in &mut waiting {
                writes.append(&mut one.writes);
                ready.extend(one.stored.take());
            }
            let failed = match self.storage() {
                Some(storage) if !writes.is_empty() => self.write(&storage, &mut writes).await.is_err(),
                _ => false,
            };
            self.journal.failing.set(failed);
            for sender in ready {
                let _ = sender.send(());
            }
            if failed && self.is_open() {
                // What comes next builds on these rows, so they stay first in line.
                if let Ok(mut queue) = self.journal.queue.try_borrow_mut() {
                    queue.insert(0, Waiting { writes, stored: None });
                }
                within(RETRY_MILLIS, self.journal.more.rung(Reason::Work)).await;
            }
        }
        self.journal.running.set(false);
    }

    fn next_waiting(&self) -> Option<Vec<Waiting>> {
        let waiting = std::mem::take(&mut *self.journal.queue.try_borrow_mut().ok()?);
        (!waiting.is_empty() && self.is_open()).then_some(waiting)
    }

    /// One transaction; the other tabs hear of it once it is done.
    async fn write(&self, storage: &Storage, writes: &mut Vec<Write>) -> Result<(), ()> {
        match storage.write(writes).await {
            Ok(revision) => {
                let ready = self.revisions.try_borrow_mut().map(|mut revisions| revisions.own(revision));
                self.tell(&Message::Stored { revision, writes: std::mem::take(writes) });
                for writes in ready.unwrap_or_default() {
                    self.absorb(writes);
                }
                self.retract(&NoticeKind::NotStored);
                Ok(())
            }
            Err(error) => {
                if self.is_open() {
                    logging::warn!("Changes are not stored: {error}");
                    self.notify(NoticeKind::NotStored);
                }
                Err(())
            }
        }
    }
}

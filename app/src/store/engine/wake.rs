//! Waking the one that talks to the server.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    task::{Poll, Waker},
};

/// How much reason there is to wake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// There is something to send or to fetch; a back-off goes on.
    Work,
    /// The network may be back, or the user asked: try at once.
    Now,
}

/// A bell that keeps the strongest reason it was rung for until somebody answers.
#[derive(Default)]
pub(super) struct Bell {
    reason: Cell<Option<Reason>>,
    waker: RefCell<Option<Waker>>,
}

impl Bell {
    pub(super) fn ring(&self, reason: Reason) {
        self.reason.set(self.reason.get().max(Some(reason)));
        let waker = self.waker.try_borrow_mut().ok().and_then(|mut waker| waker.take());
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Waits for a ring at least this strong, and answers it.
    pub(super) async fn rung(&self, least: Reason) {
        poll_fn(|context| {
            if self.reason.get() >= Some(least) {
                self.reason.set(None);
                return Poll::Ready(());
            }
            if let Ok(mut waker) = self.waker.try_borrow_mut() {
                *waker = Some(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }
}

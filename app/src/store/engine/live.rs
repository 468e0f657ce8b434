//! One signed-in user's data in this tab, and the one door through which it changes.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use domain::{
    id::UserId,
    sync::{Replica, Step, Write},
};

use super::{
    browser::Listener,
    channel::Channel,
    journal::{Journal, Stored},
    locks::Withdraw,
    message::Message,
    revisions::Revisions,
    session::Session,
    storage::Storage,
    wake::Bell,
};
use crate::store::{
    state::topics,
    types::{Connection, NoticeKind, Phase},
    watch::{Topic, Watched},
};

/// See the module's text. It ends with the sign-out, or when the store goes.
pub(in crate::store) struct Live {
    pub(in crate::store) user: UserId,
    pub(super) email: String,
    pub(in crate::store) session: Session,
    pub(super) watched: Watched,
    /// `None` where the browser stores nothing.
    pub(super) storage: RefCell<Option<Rc<Storage>>>,
    pub(super) journal: Journal,
    pub(super) revisions: RefCell<Revisions<Vec<Write>>>,
    pub(super) catching_up: Cell<bool>,
    /// Counts how often the replica was read from storage; answers asked for before that are not taken.
    pub(super) loads: Cell<u32>,
    pub(super) channel: RefCell<Option<Channel<Message>>>,
    /// Rung when there is something to say to the server.
    pub(super) bell: Bell,
    /// Rung when the socket should be tried again.
    pub(super) reconnect: Bell,
    pub(super) heads_due: Cell<bool>,
    /// Whether this tab is the one that talks to the server.
    pub(super) leads: Cell<bool>,
    pub(super) withdraw: Withdraw,
    /// Rung when the user signs out.
    pub(super) closing: Bell,
    pub(super) closed: Cell<bool>,
    pub(super) listeners: RefCell<Vec<Listener>>,
}

impl Live {
    pub(super) fn new(user: UserId, email: String, watched: Watched) -> Rc<Self> {
        Rc::new(Self {
            user,
            email,
            session: Session::new(user),
            watched,
            storage: RefCell::new(None),
            journal: Journal::default(),
            revisions: RefCell::new(Revisions::at(0)),
            catching_up: Cell::new(false),
            loads: Cell::new(0),
            channel: RefCell::new(None),
            bell: Bell::default(),
            reconnect: Bell::default(),
            heads_due: Cell::new(true),
            leads: Cell::new(false),
            withdraw: Withdraw::new(),
            closing: Bell::default(),
            closed: Cell::new(false),
            listeners: RefCell::new(Vec::new()),
        })
    }

    /// Whether the user is still signed in here.
    pub(super) fn is_open(&self) -> bool {
        !self.closed.get()
    }

    /// Changes the replica: it shows at once, and the rows are on their way to storage and to other tabs. What
    /// is given back besides the result can be waited for until they are there.
    pub(in crate::store) fn change<T>(
        self: &Rc<Self>,
        run: impl FnOnce(&mut Replica) -> (T, Step),
    ) -> Option<(T, Stored)> {
        if !self.is_open() {
            return None;
        }
        let (result, writes) = self.watched.change(|state, touched| {
            let (result, step) = run(state.replica.as_mut()?);
            topics(&step.touched, touched);
            Some((result, step.writes))
        })??;
        Some((result, self.store(writes)))
    }

    /// [`Live::change`] for operations that give nothing else; says whether anything was written.
    pub(in crate::store) fn step(self: &Rc<Self>, run: impl FnOnce(&mut Replica) -> Step) -> bool {
        let with_flag = |replica: &mut Replica| {
            let step = run(replica);
            (!step.writes.is_empty(), step)
        };
        self.change(with_flag).is_some_and(|(changed, _)| changed)
    }

    /// Asks the replica.
    pub(in crate::store) fn ask<T>(&self, ask: impl FnOnce(&Replica) -> T) -> Option<T> {
        self.watched.now(|state| state.replica.as_ref().map(ask)).flatten()
    }

    /// Takes in rows that another tab stored.
    pub(super) fn absorb(&self, writes: Vec<Write>) {
        if !self.is_open() {
            return;
        }
        self.watched.change(|state, touched| {
            if let Some(replica) = &mut state.replica {
                topics(&replica.absorb(writes), touched);
            }
        });
    }

    /// Says how far the store has come.
    pub(super) fn turn(&self, phase: Phase) {
        if self.is_open() {
            self.watched.change(|state, touched| {
                state.phase = phase;
                touched.insert(Topic::Account)
            });
        }
    }

    /// Says how the server and this device get on; the other tabs show the same.
    pub(in crate::store) fn show(&self, connection: Connection) {
        if !self.is_open() {
            return;
        }
        let is_new = self.watched.change(|state, touched| {
            if state.connection == connection {
                return false;
            }
            state.connection = connection;
            touched.insert(Topic::Connection)
        });
        if self.leads.get() && is_new == Some(true) {
            self.tell(&Message::Connection(connection));
        }
    }

    pub(super) fn tell(&self, message: &Message) {
        if let Ok(channel) = self.channel.try_borrow()
            && let Some(channel) = channel.as_ref()
        {
            channel.tell(message);
        }
    }

    pub(super) fn notify(&self, what: NoticeKind) {
        self.watched.change(|state, touched| state.notify(what, touched));
    }

    pub(super) fn retract(&self, what: &NoticeKind) {
        self.watched.change(|state, touched| state.retract(what, touched));
    }

    pub(super) fn storage(&self) -> Option<Rc<Storage>> {
        self.storage.try_borrow().ok()?.clone()
    }

    /// Stops everything that was going on for this user; what is stored stays.
    pub(super) fn close(&self) {
        self.closed.set(true);
        self.leads.set(false);
        self.withdraw.withdraw();
        self.closing.ring(super::wake::Reason::Now);
        self.bell.ring(super::wake::Reason::Now);
        self.reconnect.ring(super::wake::Reason::Now);
        if let Ok(mut listeners) = self.listeners.try_borrow_mut() {
            listeners.clear();
        }
        if let Ok(mut channel) = self.channel.try_borrow_mut() {
            *channel = None;
        }
        if let Some(storage) = self.storage.try_borrow_mut().ok().and_then(|mut storage| storage.take()) {
            storage.close();
        }
    }
}

//! A device with two tabs: one of them leads and talks to the server, both edit and show.

use std::collections::VecDeque;

use super::{check::Observed, journal::Journal, oracle::Oracle};
use crate::{
    id::UserId,
    sync::{Replica, Step, Write},
};

/// What a tab does once its next step is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Fate {
    /// Stores it and tells the other tab.
    #[default]
    Lives,
    /// Dies before it is stored.
    DiesBefore,
    /// Dies after it is stored, before the other tab is told.
    DiesAfter,
}

#[derive(Debug)]
pub(super) struct Tab {
    pub(super) replica: Replica,
    /// Writes of the other tab, on their way.
    pub(super) heard: VecDeque<Vec<Write>>,
    /// How much of what was stored it knows, as long as nobody died before telling it.
    reached: usize,
}

#[derive(Debug)]
pub(super) struct Device {
    pub(super) user: UserId,
    pub(super) journal: Journal,
    pub(super) tabs: [Tab; 2],
    pub(super) leader: usize,
    pub(super) fate: Fate,
}

impl Device {
    pub(super) fn new(user: UserId) -> Self {
        let tab = || Tab { replica: Replica::new(user), heard: VecDeque::new(), reached: 0 };
        Self { user, journal: Journal::default(), tabs: [tab(), tab()], leader: 0, fate: Fate::Lives }
    }

    /// Lets a tab do something, checks what it says it touched, and stores and tells it. `None` where the tab
    /// died before it could go on.
    pub(super) fn step<T>(
        &mut self,
        tab: usize,
        oracle: &mut Oracle,
        act: impl FnOnce(&mut Replica) -> (T, Step),
    ) -> Option<T> {
        let before = Observed::of(&self.tabs[tab].replica);
        let (answer, step) = act(&mut self.tabs[tab].replica);
        before.assert_touched(&Observed::of(&self.tabs[tab].replica), &step.touched);
        let fate = std::mem::take(&mut self.fate);
        if fate != Fate::DiesBefore {
            self.journal.store(&step.writes);
            oracle.stored(&step.writes);
        }
        if fate == Fate::Lives {
            if !step.writes.is_empty() {
                self.tabs[tab].reached += 1;
                self.tabs[1 - tab].heard.push_back(step.writes);
            }
            if self.leader == tab {
                self.journal.shorten(&self.tabs[tab].replica, self.tabs[tab].reached);
            }
            return Some(answer);
        }
        self.restart(tab);
        None
    }

    /// Takes in what the other tab wrote. `false` where there was nothing.
    pub(super) fn listen(&mut self, tab: usize) -> bool {
        let Some(writes) = self.tabs[tab].heard.pop_front() else { return false };
        let before = Observed::of(&self.tabs[tab].replica);
        let touched = self.tabs[tab].replica.absorb(writes);
        self.tabs[tab].reached += 1;
        before.assert_touched(&Observed::of(&self.tabs[tab].replica), &touched);
        true
    }

    /// The tab dies and is opened again; if it led, the other one leads now, and begins with what is stored.
    pub(super) fn restart(&mut self, tab: usize) {
        self.reload(tab);
        if self.leader == tab {
            self.leader = 1 - tab;
            self.reload(self.leader);
        }
    }

    pub(super) fn reload(&mut self, tab: usize) {
        self.tabs[tab] = Tab {
            replica: self.journal.load(self.user),
            heard: VecDeque::new(),
            reached: self.journal.revision,
        };
    }

    pub(super) fn leader(&mut self) -> &mut Replica {
        &mut self.tabs[self.leader].replica
    }
}

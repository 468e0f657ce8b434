//! Things as the server said, with the user's own unconfirmed changes over them.

use std::hash::Hash;

use super::journal::Entry;
use crate::{action::Action, id::IdMap};

/// The things of one sort in one list.
#[derive(Debug, Clone)]
pub(super) struct Layers<K, V> {
    /// What the server said last, tombstones included.
    base: IdMap<K, V>,
    /// Those with outbox entries, as they are shown.
    overlay: IdMap<K, Option<V>>,
}

impl<K, V> Default for Layers<K, V> {
    fn default() -> Self {
        Self { base: IdMap::default(), overlay: IdMap::default() }
    }
}

impl<K: Copy + Eq + Hash, V: Clone> Layers<K, V> {
    /// One thing as it is shown.
    pub(super) fn get(&self, id: K) -> Option<&V> {
        match self.overlay.get(&id) {
            Some(shown) => shown.as_ref(),
            None => self.base.get(&id),
        }
    }

    /// One thing as the server said.
    pub(super) fn said(&self, id: K) -> Option<&V> {
        self.base.get(&id)
    }

    /// All that the server said.
    pub(super) fn all_said(&self) -> impl Iterator<Item = (&K, &V)> {
        self.base.iter()
    }

    /// All that there are, some of them twice.
    pub(super) fn ids(&self) -> impl Iterator<Item = K> {
        self.base.keys().chain(self.overlay.keys()).copied()
    }

    /// How many things the server said something of.
    pub(super) fn said_count(&self) -> usize {
        self.base.len()
    }

    /// The server says what a thing is like. It shows after [`Layers::refresh`].
    pub(super) fn say(&mut self, id: K, value: V) {
        self.base.insert(id, value);
    }

    /// Forgets all that the server said.
    pub(super) fn unsay_all(&mut self) {
        self.base.clear();
    }

    /// Lays the outbox's entries about a thing over what the server said.
    pub(super) fn refresh(&mut self, id: K, entries: &[&Entry], act: impl Fn(&mut Option<V>, &Action)) {
        if entries.is_empty() {
            self.overlay.remove(&id);
            return;
        }
        let mut value = self.base.get(&id).cloned();
        for entry in entries {
            act(&mut value, &entry.action);
        }
        self.overlay.insert(id, value);
    }
}

//! Typed identifiers: a list's id can't be passed where a todo's is meant.
//!
//! Every id is a UUID, made by whoever creates the thing (the client, for lists and todos), so that work
//! begun offline has its final name. Fresh ids are version 7: they sort by the time they were made.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    str::FromStr,
};

use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A map by ids. They are made by chance, so that a quick hash spreads them as well as a slow one.
pub type IdMap<K, V> = HashMap<K, V, FxBuildHasher>;
/// A set of ids; see [`IdMap`].
pub type IdSet<K> = HashSet<K, FxBuildHasher>;

/// The text is not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid id")]
pub struct InvalidId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh id that sorts after those made before it on this device.
            #[must_use]
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }

            /// The id with this value; for tests and for ids derived from other data.
            #[must_use]
            pub const fn from_u128(value: u128) -> Self {
                Self(Uuid::from_u128(value))
            }

            /// The id as a number.
            #[must_use]
            pub const fn as_u128(self) -> u128 {
                self.0.as_u128()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                // One spelling only: an id is also a storage key.
                let id = Uuid::try_parse(text).map_err(|_| InvalidId)?;
                if id.to_string() == text { Ok(Self(id)) } else { Err(InvalidId) }
            }
        }
    };
}

id!(
    /// A person with an account.
    UserId
);
id!(
    /// One sign-in of one user on one device.
    SessionId
);
id!(
    /// A list of todos.
    ListId
);
id!(
    /// A todo, or a subtask.
    TodoId
);
id!(
    /// A photo or a video on a todo.
    MediaId
);
id!(
    /// One mutation, chosen by the client, so that a retry is recognised.
    MutationId
);
id!(
    /// One change waiting in a device's outbox; the ids of one device sort by when the changes were made.
    EntryId
);

impl ListId {
    /// The id of this user's inbox: derived, so that two devices that are both offline make the same one.
    /// It differs from the user's own id in the UUID version, 8 for 7.
    #[must_use]
    pub const fn inbox(user: UserId) -> Self {
        Self(Uuid::from_u128(user.0.as_u128() & !(0xf << 76) | (8 << 76)))
    }

    /// Whether this is some user's inbox: only that user can make it, and nobody can delete it.
    #[must_use]
    pub fn is_inbox(self) -> bool {
        self.0.get_version_num() == 8
    }
}

impl EntryId {
    /// A fresh id that sorts after `last`, even where the clock was set back since.
    #[must_use]
    pub fn fresh_after(last: Option<Self>) -> Self {
        let fresh = Self::fresh();
        match last {
            Some(last) if last >= fresh => Self::from_u128(last.0.as_u128().saturating_add(1)),
            _ => fresh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inbox_is_known_by_its_id() {
        let (one, two) = (UserId::fresh(), UserId::fresh());
        assert_eq!(ListId::inbox(one), ListId::inbox(one));
        assert_ne!(ListId::inbox(one), ListId::inbox(two));
        assert!(ListId::inbox(one).is_inbox());
        assert!(!ListId::fresh().is_inbox());
    }

    #[test]
    fn entries_sort_after_those_made_under_a_faster_clock() {
        let ahead = EntryId::from_u128(u128::MAX - 7);
        assert!(EntryId::fresh_after(Some(ahead)) > ahead);
    }
}

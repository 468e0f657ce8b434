//! What the screens see of the store: plain values without behaviour of the engine.

use domain::{
    action::Action,
    error::Code,
    id::{EntryId, ListId, SessionId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// How far the store has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// This device's own data is being read; nothing is known yet. Prerendered pages show this.
    #[default]
    Starting,
    /// Somebody is signed in, but the code that works on the data could not be fetched;
    /// [`Store::try_again`](super::Store::try_again) fetches it anew.
    Missing,
    /// Nobody is signed in on this device.
    SignedOut,
    /// The signed-in user's data is there.
    Ready,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user's id.
    pub id: UserId,
    /// The address that sign-in codes go to.
    pub email: String,
}

/// How this device and the server get on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Connection {
    /// The server can't be reached; changes are kept here and sent later.
    #[default]
    Offline,
    /// Changes are on their way in one direction or the other.
    Syncing,
    /// Everything here is saved on the server, and pokes arrive.
    Online,
}

/// One session of the user, as the settings list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// Its id, to revoke it by.
    pub id: SessionId,
    /// What the sign-in called its device.
    pub device: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to within some minutes.
    pub last_seen_at: Timestamp,
    /// Whether it is this device's own.
    pub current: bool,
}

/// Names one notice, to dismiss it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoticeId(pub(super) EntryId);

/// Something the user must be told, until dismissed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// To dismiss it by, and to key its element by.
    pub id: NoticeId,
    /// What happened.
    pub what: NoticeKind,
}

/// What a notice is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeKind {
    /// The server (or a limit) refused a change that the user may have seen already; it was undone.
    Refused {
        /// The list it was about.
        list: ListId,
        /// What the list was called then, where that is known.
        list_title: Option<String>,
        /// The change, with everything the user typed.
        action: Box<Action>,
        /// Why.
        code: Code,
    },
    /// The session ended while this many changes were not sent. They are kept, and sent once the same
    /// address signs in again.
    SignInToSend {
        /// The address to sign in with.
        email: String,
        /// How many changes wait.
        waiting: usize,
    },
    /// This device refuses to store data (disk full, private window): changes live until the tab closes,
    /// unless they reach the server before.
    NotStored,
    /// This page is older than the data that another tab wrote: it must be loaded again.
    ReloadNeeded,
}

impl Notice {
    /// Text the user typed that would otherwise be lost, to offer for copying.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let NoticeKind::Refused { action, .. } = &self.what else { return None };
        let (title, notes) = match action.as_ref() {
            Action::CreateList(list) => (Some(&list.title), None),
            Action::EditList(patch) => (patch.title.as_ref(), None),
            Action::CreateTodo(todo) => (Some(&todo.title), Some(&todo.notes)),
            Action::EditTodo { patch, .. } => (patch.title.as_ref(), patch.notes.as_ref()),
            Action::EditMedia { patch, .. } => (patch.caption.as_ref(), None),
            Action::DeleteList
            | Action::DeleteTodo { .. }
            | Action::RestoreTodo { .. }
            | Action::AddMedia(_)
            | Action::DeleteMedia { .. }
            | Action::RetryMedia { .. } => (None, None),
        };
        let parts: Vec<_> =
            [title, notes].into_iter().flatten().filter(|text| !text.is_empty()).cloned().collect();
        (!parts.is_empty()).then(|| parts.join("\n\n"))
    }
}

/// Why signing out did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignOutError {
    /// So many changes were never sent and would be lost; ask the user, then call again with
    /// [`Unsent::Discard`].
    #[error("{0} changes were not sent yet")]
    Unsent(usize),
}

/// What signing out does with changes that never reached the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsent {
    /// Do not sign out then.
    Keep,
    /// Lose them; the user was asked.
    Discard,
}

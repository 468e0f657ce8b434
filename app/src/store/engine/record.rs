//! Who is signed in on this device, by the browser's `localStorage`: read before anything else, seen by all tabs.

use domain::id::UserId;
use serde::{Deserialize, Serialize};

/// The key that the record is under.
pub(super) const KEY: &str = "stack-account";

/// The user whose data is on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) id: UserId,
    pub(super) email: String,
    /// The session ended and so many changes were not sent: they wait for the next sign-in with this address.
    pub(super) waiting: Option<usize>,
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// The record, if there is one that can be read.
pub(super) fn read() -> Option<Record> {
    let text = storage()?.get_item(KEY).ok()??;
    serde_json::from_str(&text).ok()
}

/// Writes the record. Where that fails (a private window) the user signs in again after a reload.
pub(super) fn write(record: &Record) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(record)) {
        let _ = storage.set_item(KEY, &text);
    }
}

const SIGN_OUT: &str = "stack-sign-out";

/// The user signed out, and the server has to hear of it.
pub(super) fn owe_sign_out() {
    if let Some(storage) = storage() {
        let _ = storage.set_item(SIGN_OUT, "owed");
    }
}

/// Whether the server has to hear of a sign-out.
pub(super) fn owes_sign_out() -> bool {
    storage().is_some_and(|storage| storage.get_item(SIGN_OUT).is_ok_and(|item| item.is_some()))
}

/// The server has heard of it.
pub(super) fn sign_out_paid() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(SIGN_OUT);
    }
}

/// Takes the record away.
pub(super) fn clear() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
}

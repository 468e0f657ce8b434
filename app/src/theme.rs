//! Light, dark or as the system says; and whether somebody is signed in here. Both are kept where a script
//! of one line can read them before the first paint.

use leptos::prelude::*;

use crate::words;

/// Runs in the document's head: a page must not flash in the wrong theme, nor show the sign-in form to
/// somebody who is signed in.
pub(crate) const HEAD_SCRIPT: &str = "try{let h=document.documentElement,t=localStorage.getItem('stack-theme');\
if(t)h.dataset.theme=t;if(localStorage.getItem('stack-known'))h.dataset.known=''}catch{}";

const THEME_KEY: &str = "stack-theme";
const KNOWN_KEY: &str = "stack-known";
const PLAIN_KEYS_KEY: &str = "stack-no-single-keys";

/// The colours that the user wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::System => words::THEME_SYSTEM,
            Self::Light => words::THEME_LIGHT,
            Self::Dark => words::THEME_DARK,
        }
    }

    const fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// What was chosen on this device.
    pub(crate) fn chosen() -> Self {
        let kept = read(THEME_KEY);
        Self::ALL.into_iter().find(|theme| theme.name() == kept.as_deref()).unwrap_or(Self::System)
    }

    /// Shows it and keeps it.
    pub(crate) fn choose(self) {
        write(THEME_KEY, self.name());
        mark("data-theme", self.name());
    }
}

/// Remembers whether somebody is signed in, for the next start.
pub(crate) fn set_known(known: bool) {
    let value = known.then_some("");
    write(KNOWN_KEY, known.then_some("1"));
    mark("data-known", value);
}

/// Whether letters alone are shortcuts on this device.
pub(crate) fn single_keys() -> bool {
    read(PLAIN_KEYS_KEY).is_none()
}

/// Turns them on or off.
pub(crate) fn set_single_keys(on: bool) {
    write(PLAIN_KEYS_KEY, (!on).then_some("1"));
}

fn mark(attribute: &str, value: Option<&str>) {
    let Some(root) = document().document_element() else { return };
    let done = match value {
        Some(value) => root.set_attribute(attribute, value),
        None => root.remove_attribute(attribute),
    };
    // Names and values are ours, so setting can't fail.
    drop(done);
}

// Where storage is closed to us (some private windows) a choice lasts until the page goes.
fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn write(key: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    let done = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
    drop(done);
}

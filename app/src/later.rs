//! What is seldom needed and large: reading Markdown, and other programs' files. It stands in parts of the
//! app that load when they are first called, so that they cost the first visit nothing.

use domain::{
    action::Batch,
    id::UserId,
    model::{List, Todo},
    order::OrderKey,
    time::Timestamp,
    transfer::{self, Parsed, ReadError},
};
use leptos::prelude::*;

use crate::{clock, markdown};

/// The HTML of some Markdown; see [`markdown::to_html`].
#[lazy]
pub(crate) fn render_markdown(text: String) -> String {
    markdown::to_html(&text)
}

/// What a file holds that was saved at that time; see [`transfer::read`].
#[lazy]
pub(crate) fn read_file(bytes: Vec<u8>, name: String, saved: Timestamp) -> Result<Parsed, ReadError> {
    transfer::read(&bytes, &name, clock::local_day(saved), &clock::local_day)
}

/// The batches that make what a file holds; see [`transfer::plan`].
#[lazy]
pub(crate) fn plan_import(
    parsed: Parsed,
    user: UserId,
    saved: Timestamp,
    after: Option<OrderKey>,
) -> Vec<Batch> {
    transfer::plan(&parsed, user, saved, after.as_ref())
}

/// All lists as Stack's own JSON.
#[lazy]
pub(crate) fn write_json(lists: Vec<(List, Vec<Todo>)>, now: Timestamp) -> String {
    transfer::export_json(&lists, now)
}

/// All lists as iCalendar.
#[lazy]
pub(crate) fn write_ical(lists: Vec<(List, Vec<Todo>)>, now: Timestamp) -> String {
    transfer::export_ical(&lists, now)
}

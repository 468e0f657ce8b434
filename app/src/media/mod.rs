//! Photos and videos: picked, kept, uploaded, looked at. Files and uploads live on this device ([`files`],
//! [`uploader`]); everything else about media is in the store, like todos.

mod access;
mod cache;
mod edits;
#[cfg(test)]
mod example;
mod files;
mod intake;
mod shelf;
mod sniff;
mod uploader;
mod views;

use domain::id::UserId;

pub(crate) use self::{
    shelf::Shelf,
    views::{
        Drops, GalleryBody, GalleryPage, Lightbox, MediaGrid, MediaSettings, NotAddedDialog, Strip, Uploads,
    },
};

/// Takes a user's files and all kept pictures off this device.
pub(crate) async fn forget(user: UserId) {
    files::Files::forget(user).await;
    cache::clear().await;
}

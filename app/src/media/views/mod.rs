//! What media look like: the strip on a row, the grid of a todo, the lightbox, the gallery, the settings.

#![expect(unreachable_pub, reason = "the component macro writes `pub` where the source says `pub(crate)`")]

mod caption;
mod drop;
mod gallery;
mod grid;
mod layout;
mod lightbox;
mod look;
mod not_added;
mod picture;
mod player;
mod settings;
mod stage;
mod strip;
mod tile;
mod uploads;
mod zoom;

pub(crate) use self::{
    drop::Drops,
    gallery::{GalleryBody, GalleryPage},
    grid::MediaGrid,
    lightbox::Lightbox,
    not_added::NotAddedDialog,
    settings::MediaSettings,
    strip::Strip,
    uploads::Uploads,
};

//! What this device knows of media beside the replica: files in hand, uploads, what is just being added.

use std::{collections::HashMap, rc::Rc};

use domain::{
    error::Code,
    id::{ListId, MediaId, TodoId},
    media::MediaKind,
};
use leptos::prelude::*;

use super::{
    access::Access,
    files::Kept,
    uploader::{Upload, Uploader},
};

/// A file in hand, with an address to show it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Local {
    pub(super) kept: Kept,
    /// An object URL of this tab.
    pub(super) url: String,
    /// Whether it is in this tab's memory alone, since the browser does not keep it.
    pub(super) loose: bool,
}

/// A file that is being copied and shows already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Adding {
    pub(super) media: MediaId,
    pub(super) list: ListId,
    pub(super) todo: TodoId,
    pub(super) kind: MediaKind,
    pub(super) url: String,
    pub(super) name: String,
}

/// A file that was not added, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) name: String,
    pub(super) code: Code,
}

/// A handle on all that.
#[derive(Clone, Copy)]
pub(crate) struct Shelf {
    pub(super) locals: RwSignal<Vec<Local>>,
    pub(super) adding: RwSignal<Vec<Adding>>,
    pub(super) uploads: RwSignal<HashMap<MediaId, Upload>>,
    pub(super) refused: RwSignal<Vec<Refused>>,
    pub(super) access: Access,
    pub(super) uploader: StoredValue<Option<Rc<Uploader>>, LocalStorage>,
}

impl Shelf {
    pub(crate) fn provide() -> Self {
        let shelf = Self {
            locals: RwSignal::new(Vec::new()),
            adding: RwSignal::new(Vec::new()),
            uploads: RwSignal::new(HashMap::new()),
            refused: RwSignal::new(Vec::new()),
            access: Access::new(),
            uploader: StoredValue::new_local(None),
        };
        provide_context(shelf);
        shelf
    }

    /// The address of a file in hand.
    pub(super) fn url(self, media: MediaId) -> Option<String> {
        let local = self.locals.with(|locals| {
            locals.iter().find(|local| local.kept.media == media).map(|local| local.url.clone())
        });
        local.or_else(|| {
            self.adding.with(|adding| adding.iter().find(|one| one.media == media).map(|one| one.url.clone()))
        })
    }

    /// How the upload of a file is doing, where there is one.
    pub(super) fn upload(self, media: MediaId) -> Option<Upload> {
        self.uploads.with(|uploads| uploads.get(&media).copied())
    }

    /// What runs the uploads; nothing before the files of this device are known.
    pub(super) fn uploader(self) -> Option<Rc<Uploader>> {
        self.uploader.try_get_value().flatten()
    }
}

/// The handle that [`Shelf::provide`] made above.
pub(crate) fn use_shelf() -> Shelf {
    use_context::<Shelf>().unwrap_or_else(Shelf::provide)
}

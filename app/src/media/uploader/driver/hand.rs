//! The files in hand: kept and shown, shown to have gone, let go of.

use std::rc::Rc;

use domain::id::MediaId;
use gloo_timers::future::TimeoutFuture;
use leptos::{logging, prelude::*, task::spawn_local};
use web_sys::{Blob, Url};

use super::{Message, Phase, Uploader, revoke};
use crate::media::{
    files::{Files, FilesError, Kept},
    shelf::Local,
};

impl Uploader {
    /// Keeps a file and shows it. Says why where the browser does not keep it: then it is in this tab's memory
    /// alone, and is sent from there.
    pub(crate) async fn keep(self: &Rc<Self>, kept: Kept, file: Blob) -> Result<(), FilesError> {
        let files = self.files();
        let done = match &files {
            Some(files) => files.keep(&kept, &file).await,
            None => Err(FilesError::Closed("not open".into())),
        };
        let loose = done.is_err();
        if loose && let Ok(mut all) = self.loose.try_borrow_mut() {
            all.insert(kept.media, file.clone());
        } else {
            self.tell(&Message::Kept(kept.clone()));
        }
        self.show_file(kept, &file, loose);
        done
    }

    /// Lets go of a file that is not wanted any more.
    pub(crate) fn let_go(self: &Rc<Self>, media: MediaId, after_millis: u32) {
        let is_new = self.leaving.try_borrow_mut().is_ok_and(|mut leaving| {
            let is_new = !leaving.contains(&media);
            leaving.push(media);
            is_new
        });
        if !is_new {
            return;
        }
        let uploader = Rc::clone(self);
        spawn_local(async move {
            TimeoutFuture::new(after_millis).await;
            if uploader.closed.get() {
                return;
            }
            if let Some(files) = uploader.files()
                && let Err(error) = files.discard(media).await
            {
                logging::warn!("A file that is not needed any more stays: {error}");
            }
            uploader.take_out(media);
            uploader.tell(&Message::LetGo(media));
        });
    }

    /// Shows a file that the browser keeps.
    pub(super) async fn take_in(self: &Rc<Self>, kept: Kept) {
        let Some(files) = self.files() else { return };
        match files.file(kept.media).await {
            Ok(file) => self.show_file(kept, &file, false),
            Err(error) => {
                logging::warn!("A kept file can't be read: {error}");
                if error == FilesError::Gone {
                    self.let_go(kept.media, 0);
                }
            }
        }
    }

    fn show_file(&self, kept: Kept, file: &Blob, loose: bool) {
        let Ok(url) = Url::create_object_url_with_blob(file) else { return };
        self.shelf.locals.try_update(|locals| {
            locals.retain(|local| local.kept.media != kept.media);
            locals.push(Local { kept, url, loose });
        });
    }

    pub(super) fn take_out(&self, media: MediaId) {
        if let Ok(mut loose) = self.loose.try_borrow_mut() {
            loose.remove(&media);
        }
        let gone = self.shelf.locals.try_update(|locals| {
            let at = locals.iter().position(|local| local.kept.media == media)?;
            Some(locals.remove(at))
        });
        if let Some(local) = gone.flatten() {
            revoke(&local.url);
        }
    }

    /// Whether something would stop if this tab were closed: what is in its memory alone.
    pub(crate) fn has_loose(&self) -> bool {
        let unsent = |media: &MediaId| {
            self.with_queue(|queue| {
                queue.uploads().iter().any(|(other, upload)| other == media && upload.phase != Phase::Sent)
            })
        };
        self.loose.try_borrow().is_ok_and(|loose| loose.keys().any(|media| unsent(media) == Some(true)))
    }

    /// What is known of a file in hand.
    pub(super) fn kept(&self, media: MediaId) -> Option<Kept> {
        let find = |locals: &Vec<Local>| locals.iter().find(|local| local.kept.media == media).cloned();
        self.shelf.locals.try_with_untracked(find).flatten().map(|local| local.kept)
    }

    pub(super) fn files(&self) -> Option<Rc<Files>> {
        self.files.try_borrow().ok()?.clone()
    }
}

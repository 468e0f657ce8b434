//! What the user's gestures mean for media: add, say something about, turn, move, delete, try again.

use domain::{
    action::{Action, MediaPatch, NewMedia},
    id::{ListId, MediaId, TodoId},
    limits::CAPTION_CHARS,
    media::{Media, MediaState, clean_name},
    model::{Access, Role},
    order::{OrderKey, place},
};
use leptos::{logging, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, Url};

use super::{
    files::{FilesError, Kept},
    intake::{Admitted, Room},
    shelf::{Adding, Refused, Shelf},
    sniff::HEAD_BYTES,
    uploader::Command,
};
use crate::{
    edits::{Edits, entropy, one_line},
    ui::Overlay,
    words,
};

/// Adds the files to a todo. Those that can't be added are told of before anything begins; the others go on.
pub(super) async fn add(edits: Edits, shelf: Shelf, list: ListId, todo: TodoId, files: Vec<File>) {
    let store = edits.store;
    let may = store.list_now(list).is_none_or(|view| view.role.may(Access::Write));
    if !may {
        return edits.ui.toast(words::READ_ONLY.into());
    }
    // For a list of somebody else's that user pays, and only the server knows how much is left.
    let is_own = store.list_now(list).is_none_or(|view| view.role == Role::Owner);
    let used = is_own.then(|| store.media_bytes().get_untracked());
    let here = shelf.adding.with_untracked(|all| all.iter().filter(|one| one.todo == todo).count());
    let mut room = Room::new(store.media_now(list, todo).len() + here, used);
    let (mut admitted, mut refused) = (Vec::new(), Vec::new());
    for file in files {
        let name = clean_name(&file.name());
        match room.admit(length(&file), &head(&file).await) {
            Ok(as_what) => admitted.push((file, name, as_what)),
            Err(code) => refused.push(Refused { name, code }),
        }
    }
    if !refused.is_empty() {
        shelf.refused.set(refused);
        edits.ui.open(Overlay::NotAdded);
    }
    let count = admitted.len();
    let begun: Vec<_> = admitted
        .into_iter()
        .map(|(file, name, as_what)| {
            let media = MediaId::fresh();
            let url = Url::create_object_url_with_blob(&file).unwrap_or_default();
            let kind = as_what.kind;
            let adding = Adding { media, list, todo, kind, url, name: name.clone() };
            shelf.adding.update(|all| all.push(adding));
            (media, file, name, as_what)
        })
        .collect();
    let mut unkept = None;
    for (media, file, name, as_what) in begun {
        unkept = unkept.or(add_one(edits, shelf, (list, todo, media), &file, name, as_what).await);
        let done = shelf.adding.try_update(|all| {
            let at = all.iter().position(|one| one.media == media)?;
            Some(all.remove(at))
        });
        if let Some(adding) = done.flatten() {
            drop(Url::revoke_object_url(&adding.url));
        }
    }
    if let Some(error) = unkept {
        logging::warn!("Files are not kept: {error}");
        edits.ui.toast(
            if error == FilesError::Full { words::MEDIA_NO_ROOM } else { words::MEDIA_NOT_KEPT }.into(),
        );
    }
    if count > 0 {
        edits.ui.say(words::media_added(count));
    }
}

/// Keeps one file, then adds it: what is added is safe. Says why where it is not.
async fn add_one(
    edits: Edits,
    shelf: Shelf,
    (list, todo, id): (ListId, TodoId, MediaId),
    file: &File,
    name: String,
    Admitted { kind, content_type }: Admitted,
) -> Option<FilesError> {
    let store = edits.store;
    let uploader = shelf.uploader()?;
    let (bytes, created_at) = (length(file), store.now());
    let kept = Kept {
        media: id,
        list,
        todo,
        kind,
        name: name.clone(),
        content_type: content_type.into(),
        bytes,
        kept_at: created_at,
        paused: false,
    };
    let kept = uploader.keep(kept, Blob::from(file.clone())).await.err();
    let last = store.media_now(list, todo).last().and_then(|last| store.media_item_now(list, *last));
    let order = OrderKey::between(last.as_ref().map(|last| &last.order), None, entropy());
    let added = order.is_some_and(|order| {
        let content_type = content_type.into();
        let new = NewMedia { id, todo, kind, name, content_type, bytes, order, created_at };
        edits.act(list, vec![Action::AddMedia(new)])
    });
    if !added {
        uploader.let_go(id, 0);
    }
    kept
}

/// Adds the files to a new todo that is named after them.
pub(super) async fn add_todo(edits: Edits, shelf: Shelf, list: ListId, files: Vec<File>) {
    let title = match files.as_slice() {
        [file] => {
            let name = one_line(&clean_name(&file.name()));
            name.rsplit_once('.').map_or(name.clone(), |(stem, _)| stem.to_owned())
        }
        files => words::files(files.len()),
    };
    if let Some(todo) = edits.add(list, &title, None, None) {
        add(edits, shelf, list, todo, files).await;
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of bytes")]
fn length(file: &File) -> u64 {
    file.size() as u64
}

/// The first bytes of a file; none where it can't be read.
async fn head(file: &File) -> Vec<u8> {
    let Ok(slice) = file.slice_with_f64_and_f64(0.0, f64::from(HEAD_BYTES)) else { return Vec::new() };
    match JsFuture::from(slice.array_buffer()).await {
        Ok(buffer) => js_sys::Uint8Array::new(&buffer).to_vec(),
        Err(_) => Vec::new(),
    }
}

fn patch(edits: Edits, list: ListId, id: MediaId, patch: MediaPatch) -> bool {
    edits.act(list, vec![Action::EditMedia { id, patch }])
}

/// Says something else about a media item. Says whether that was taken.
pub(super) fn set_caption(edits: Edits, list: ListId, id: MediaId, caption: &str) -> bool {
    let caption = one_line(caption);
    let same = edits.store.media_item_now(list, id).is_none_or(|media| media.caption == caption);
    let fits = caption.chars().count() <= CAPTION_CHARS;
    same || fits && patch(edits, list, id, MediaPatch { caption: Some(caption), ..MediaPatch::default() })
}

/// Turns it a quarter, clockwise. It shows turned at once, on every device; sharp again when it has been processed.
pub(super) fn turn(edits: Edits, media: &Media) {
    let rotation = Some(media.rotation.turned());
    patch(edits, media.list, media.id, MediaPatch { rotation, ..MediaPatch::default() });
    edits.ui.say(words::MEDIA_TURNED.into());
}

/// Puts it at another place among the media of its todo.
pub(super) fn move_to(edits: Edits, list: ListId, todo: TodoId, id: MediaId, to: usize) -> bool {
    let store = edits.store;
    let others: Vec<_> = store
        .media_now(list, todo)
        .iter()
        .filter(|other| **other != id)
        .filter_map(|other| store.media_item_now(list, *other))
        .collect();
    let keys: Vec<_> = others.iter().map(|media| &media.order).collect();
    let Some(placement) = place(&keys, to, entropy()) else { return false };
    let edit = |id, order| Action::EditMedia {
        id,
        patch: MediaPatch { order: Some(order), ..MediaPatch::default() },
    };
    let neighbours = placement.moved.into_iter().filter_map(|(at, key)| Some(edit(others.get(at)?.id, key)));
    edits.act(list, neighbours.chain([edit(id, placement.key)]).collect())
}

/// Deletes it for good; a file of it that is still here goes too.
pub(super) fn delete(edits: Edits, shelf: Shelf, list: ListId, id: MediaId) -> bool {
    let deleted = edits.act(list, vec![Action::DeleteMedia { id, at: edits.store.now() }]);
    if deleted && let Some(uploader) = shelf.uploader() {
        uploader.let_go(id, 0);
    }
    deleted
}

/// Tries again, whichever side failed.
pub(super) fn retry(edits: Edits, shelf: Shelf, media: &Media) {
    if matches!(media.state, MediaState::Failed(_)) {
        edits.act(media.list, vec![Action::RetryMedia { id: media.id }]);
    }
    if let Some(uploader) = shelf.uploader() {
        uploader.act(Command::Resume(media.id));
    }
}

//! What an action does to a list, a todo or a media item: one place for server and device, so that both get the same.

mod media;

pub(super) use self::media::to_media;
use crate::{
    action::{Action, ListPatch, NewList, NewTodo, TodoPatch},
    error::Code,
    id::{ListId, MediaId, TodoId},
    limits::{NOTES_CHARS, TITLE_CHARS},
    model::{List, Todo},
};

/// Whether the texts of an action are within the limits, and a file that it adds is one that may be added.
///
/// # Errors
/// [`Code::TitleEmpty`], [`Code::TitleTooLong`], [`Code::NotesTooLong`] or [`Code::CaptionTooLong`]; of a file
/// [`Code::MediaType`], [`Code::Heic`], [`Code::BadName`], [`Code::MediaEmpty`] or [`Code::MediaTooLarge`].
pub fn check(action: &Action) -> Result<(), Code> {
    match action {
        Action::CreateList(new) => title(&new.title),
        Action::EditList(patch) => patch.title.as_deref().map_or(Ok(()), title),
        Action::CreateTodo(new) => title(&new.title).and_then(|()| notes(&new.notes)),
        Action::EditTodo { patch, .. } => {
            patch.title.as_deref().map_or(Ok(()), title)?;
            patch.notes.as_deref().map_or(Ok(()), notes)
        }
        Action::AddMedia(new) => media::check_new(new),
        Action::EditMedia { patch, .. } => media::check_patch(patch),
        Action::DeleteList
        | Action::DeleteTodo { .. }
        | Action::RestoreTodo { .. }
        | Action::DeleteMedia { .. }
        | Action::RetryMedia { .. } => Ok(()),
    }
}

fn title(text: &str) -> Result<(), Code> {
    if text.trim().is_empty() {
        Err(Code::TitleEmpty)
    } else if text.chars().nth(TITLE_CHARS).is_some() {
        Err(Code::TitleTooLong)
    } else {
        Ok(())
    }
}

fn notes(text: &str) -> Result<(), Code> {
    if text.chars().nth(NOTES_CHARS).is_some() { Err(Code::NotesTooLong) } else { Ok(()) }
}

/// Bytes of text that an action carries.
#[must_use]
pub fn text_bytes(action: &Action) -> usize {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    match action {
        Action::CreateList(new) => new.title.len(),
        Action::EditList(patch) => length(&patch.title),
        Action::CreateTodo(new) => new.title.len() + new.notes.len(),
        Action::EditTodo { patch, .. } => length(&patch.title) + length(&patch.notes),
        Action::AddMedia(new) => new.name.len() + new.content_type.len(),
        Action::EditMedia { patch, .. } => length(&patch.caption),
        Action::DeleteList
        | Action::DeleteTodo { .. }
        | Action::RestoreTodo { .. }
        | Action::DeleteMedia { .. }
        | Action::RetryMedia { .. } => 0,
    }
}

/// The one thing that an action changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The list itself.
    List,
    /// A todo in it.
    Todo(TodoId),
    /// A media item in it.
    Media(MediaId),
}

/// What an action is about.
#[must_use]
pub const fn subject(action: &Action) -> Subject {
    match action {
        Action::CreateList(_) | Action::EditList(_) | Action::DeleteList => Subject::List,
        Action::CreateTodo(new) => Subject::Todo(new.id),
        Action::EditTodo { id, .. } | Action::DeleteTodo { id, .. } | Action::RestoreTodo { id } => {
            Subject::Todo(*id)
        }
        Action::AddMedia(new) => Subject::Media(new.id),
        Action::EditMedia { id, .. } | Action::DeleteMedia { id, .. } | Action::RetryMedia { id } => {
            Subject::Media(*id)
        }
    }
}

/// Does to a todo what the action says. An action about a todo that is not there does nothing, and neither
/// does making one that is.
pub(super) fn to_todo(list: ListId, todo: &mut Option<Todo>, action: &Action) {
    match (action, todo) {
        (Action::CreateTodo(new), slot @ None) => *slot = Some(made(list, new)),
        (Action::EditTodo { patch, .. }, Some(todo)) => edit(todo, patch),
        (Action::DeleteTodo { at, .. }, Some(todo)) => todo.deleted_at = todo.deleted_at.or(Some(*at)),
        (Action::RestoreTodo { .. }, Some(todo)) => todo.deleted_at = None,
        _ => {}
    }
}

/// Does to a list's own fields what the action says; a deleted list is `None`.
pub(super) fn to_list(id: ListId, list: &mut Option<List>, action: &Action) {
    match (action, list) {
        (Action::CreateList(new), slot @ None) => *slot = Some(made_list(id, new)),
        (Action::EditList(patch), Some(list)) => edit_list(list, patch),
        (Action::DeleteList, slot) => *slot = None,
        _ => {}
    }
}

fn made(list: ListId, new: &NewTodo) -> Todo {
    Todo {
        id: new.id,
        list,
        parent: new.parent,
        title: new.title.clone(),
        notes: new.notes.clone(),
        done_at: new.done_at,
        due: new.due,
        order: new.order.clone(),
        created_at: new.created_at,
        deleted_at: None,
    }
}

fn edit(todo: &mut Todo, patch: &TodoPatch) {
    if let Some(title) = &patch.title {
        todo.title.clone_from(title);
    }
    if let Some(notes) = &patch.notes {
        todo.notes.clone_from(notes);
    }
    if let Some(done_at) = patch.done_at {
        todo.done_at = done_at.to;
    }
    if let Some(due) = patch.due {
        todo.due = due.to;
    }
    if let Some(order) = &patch.order {
        todo.order.clone_from(order);
    }
}

fn made_list(id: ListId, new: &NewList) -> List {
    List {
        id,
        title: new.title.clone(),
        colour: new.colour,
        order: new.order.clone(),
        archived: false,
        created_at: new.created_at,
    }
}

fn edit_list(list: &mut List, patch: &ListPatch) {
    if let Some(title) = &patch.title {
        list.title.clone_from(title);
    }
    if let Some(colour) = patch.colour {
        list.colour = colour;
    }
    if let Some(order) = &patch.order {
        list.order.clone_from(order);
    }
    if let Some(archived) = patch.archived {
        list.archived = archived;
    }
}

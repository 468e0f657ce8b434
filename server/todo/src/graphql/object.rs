//! The types that answers are made of.

use async_graphql::{ComplexObject, Context, Enum, ID, SimpleObject};
use domain::{
    error::Code,
    id::{ListId, MediaId},
    model, sync,
};
use platform::{
    graphql::{
        error, list_error, parse_id,
        scalar::{Day, OrderKey, Timestamp, Version},
    },
    list::Found,
};

use super::{Answer, scene};
use crate::lists::Changes;

/// Todos in one page where the query does not say.
const PAGE: i32 = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::colour::Colour")]
pub(crate) enum Colour {
    Grey,
    Red,
    Orange,
    Yellow,
    Green,
    Teal,
    Blue,
    Purple,
    Pink,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::model::Role")]
pub(crate) enum Role {
    Owner,
    Editor,
    Viewer,
}

#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(crate) struct List {
    id: ID,
    title: String,
    colour: Colour,
    order: OrderKey,
    archived: bool,
    created_at: Timestamp,
    version: Version,
    role: Role,
}

impl List {
    pub(super) fn new(list: model::List, version: model::Version, role: model::Role) -> Self {
        Self {
            id: list.id.to_string().into(),
            title: list.title,
            colour: list.colour.into(),
            order: OrderKey(list.order),
            archived: list.archived,
            created_at: Timestamp(list.created_at),
            version: Version(version),
            role: role.into(),
        }
    }
}

impl From<Found> for List {
    fn from(found: Found) -> Self {
        Self::new(found.head.list, found.head.version, found.role)
    }
}

#[ComplexObject]
impl List {
    /// The todos that are not deleted, in order, in pages: `after` is the id of the last one had.
    #[graphql(complexity = "first.unwrap_or(100).clamp(1, 500) as usize * child_complexity")]
    async fn todos(&self, context: &Context<'_>, first: Option<i32>, after: Option<ID>) -> Answer<Vec<Todo>> {
        let (caller, lists) = scene(context)?;
        let first = first.unwrap_or(PAGE);
        let first = usize::try_from(first).map_err(|_| error(Code::BadInput))?;
        let after = after.as_ref().map(parse_id).transpose()?;
        let todos = lists.todos(caller.user, parse_id(&self.id)?, first, after).await;
        let todos = todos.map_err(|failure| list_error(&failure))?;
        Ok(todos.into_iter().map(Todo::from).collect())
    }
}

#[derive(Debug, SimpleObject)]
pub(crate) struct Todo {
    id: ID,
    list: ID,
    parent: Option<ID>,
    title: String,
    /// Markdown.
    notes: String,
    done_at: Option<Timestamp>,
    due: Option<Day>,
    order: OrderKey,
    created_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

impl From<model::Todo> for Todo {
    fn from(todo: model::Todo) -> Self {
        Self {
            id: todo.id.to_string().into(),
            list: todo.list.to_string().into(),
            parent: todo.parent.map(|parent| parent.to_string().into()),
            title: todo.title,
            notes: todo.notes,
            done_at: todo.done_at.map(Timestamp),
            due: todo.due.map(Day),
            order: OrderKey(todo.order),
            created_at: Timestamp(todo.created_at),
            deleted_at: todo.deleted_at.map(Timestamp),
        }
    }
}

#[derive(Debug, SimpleObject)]
pub(crate) struct Head {
    list: ID,
    version: Version,
    role: Role,
}

impl From<sync::ListHead> for Head {
    fn from(head: sync::ListHead) -> Self {
        Self { list: head.list.to_string().into(), version: Version(head.version), role: head.role.into() }
    }
}

#[derive(Debug, SimpleObject)]
pub(crate) struct ChangePage {
    /// The list's own fields as they are now.
    list: List,
    /// Todos that changed after `since`, tombstones included, oldest change first.
    todos: Vec<Todo>,
    /// The same of its media. One that is gone for good by the time it is looked at is null.
    media: Vec<Option<Media>>,
    /// What to pass as `since` next.
    until: Version,
    /// What to pass as `anchor` next.
    anchor: Version,
    /// Whether there are more pages.
    more: bool,
    /// `since` lies before what this server still knows: forget the list's todos and take these pages instead.
    reset: bool,
}

impl ChangePage {
    pub(super) fn new(Changes { page, media }: Changes) -> Self {
        let list = page.list.id;
        Self {
            list: List::new(page.list, page.version, page.role),
            todos: page.todos.into_iter().map(Todo::from).collect(),
            media: media.into_iter().map(|id| Some(Media::new(list, id))).collect(),
            until: Version(page.cursor.since),
            anchor: Version(page.cursor.anchor),
            more: page.more,
            reset: page.reset,
        }
    }
}

/// A photo or a video, of which this subgraph knows where it is.
#[derive(Debug, SimpleObject)]
#[graphql(unresolvable = "list id")]
pub(crate) struct Media {
    list: ID,
    id: ID,
}

impl Media {
    fn new(list: ListId, id: MediaId) -> Self {
        Self { list: list.to_string().into(), id: id.to_string().into() }
    }
}

//! What can be asked.

use async_graphql::{ComplexObject, Context, ID, Object, SimpleObject};
use domain::{
    error::Code,
    id::UserId,
    limits::CHANGES_PER_PAGE,
    model::Access,
    sync::{Cursor, Pull},
};
use platform::graphql::{error, list_error, parse_id, scalar::Version};

use super::{
    Answer,
    object::{ChangePage, Head, List, Todo},
    scene,
};

/// The root of queries.
#[derive(Debug)]
pub struct Query;

#[Object]
impl Query {
    /// Every list the caller may see, with its version: what a device asks first after it was away.
    #[graphql(complexity = "500 * child_complexity")]
    async fn heads(&self, context: &Context<'_>) -> Answer<Vec<Head>> {
        let (caller, lists) = scene(context)?;
        let heads = lists.heads(caller.user).await.map_err(|failure| list_error(&failure))?;
        Ok(heads.into_iter().map(Head::from).collect())
    }

    /// What changed in a list after a version, in pages. `anchor` is what the page before said, or `since` where there was none.
    #[graphql(complexity = "limit.unwrap_or(500).clamp(1, 500) as usize * child_complexity")]
    async fn changes(
        &self,
        context: &Context<'_>,
        list: ID,
        since: Version,
        anchor: Option<Version>,
        limit: Option<i32>,
    ) -> Answer<ChangePage> {
        let (caller, lists) = scene(context)?;
        let cursor = Cursor { since: since.0, anchor: anchor.unwrap_or(since).0 };
        let limit = match limit {
            None => CHANGES_PER_PAGE,
            Some(limit) => {
                usize::try_from(limit).ok().filter(|limit| *limit > 0).ok_or_else(|| error(Code::BadInput))?
            }
        };
        let pull = Pull { list: parse_id(&list)?, cursor };
        lists
            .changes(caller.user, pull, limit)
            .await
            .map(ChangePage::new)
            .map_err(|failure| list_error(&failure))
    }

    /// One list.
    async fn list(&self, context: &Context<'_>, id: ID) -> Answer<List> {
        let (caller, lists) = scene(context)?;
        lists
            .find(caller.user, parse_id(&id)?, Access::Read)
            .await
            .map(List::from)
            .map_err(|failure| list_error(&failure))
    }

    /// One todo.
    async fn todo(&self, context: &Context<'_>, list: ID, id: ID) -> Answer<Todo> {
        find_todo(context, &list, &id).await?.ok_or_else(|| error(Code::NotFound))
    }

    /// A todo, for parts of the graph that refer to one; nothing where it is gone for good.
    #[graphql(entity)]
    async fn find_todo_by_list_and_id(
        &self,
        context: &Context<'_>,
        list: ID,
        id: ID,
    ) -> Answer<Option<Todo>> {
        find_todo(context, &list, &id).await
    }

    /// The part of a user that this subgraph knows; only of the caller.
    #[graphql(entity)]
    async fn find_user_by_id(&self, context: &Context<'_>, id: ID) -> Answer<User> {
        let (caller, _) = scene(context)?;
        let user: UserId = parse_id(&id)?;
        if user == caller.user { Ok(User { id }) } else { Err(error(Code::NotFound)) }
    }
}

async fn find_todo(context: &Context<'_>, list: &ID, id: &ID) -> Answer<Option<Todo>> {
    let (caller, lists) = scene(context)?;
    let found = lists.todo(caller.user, parse_id(list)?, parse_id(id)?).await;
    Ok(found.map_err(|failure| list_error(&failure))?.map(Todo::from))
}

#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(crate) struct User {
    id: ID,
}

#[ComplexObject]
impl User {
    /// The user's lists, archived ones included, in order.
    #[graphql(complexity = "500 * child_complexity")]
    async fn lists(&self, context: &Context<'_>) -> Answer<Vec<List>> {
        let (_, lists) = scene(context)?;
        let lists = lists.of(parse_id(&self.id)?).await.map_err(|failure| list_error(&failure))?;
        Ok(lists.into_iter().map(List::from).collect())
    }
}

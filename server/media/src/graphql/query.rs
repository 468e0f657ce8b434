//! What can be asked.

use async_graphql::{ComplexObject, Context, ID, Object, SimpleObject, dataloader::DataLoader};
use domain::{
    error::Code,
    id::{ListId, TodoId, UserId},
};
use platform::graphql::{caller, error, list_error, parse_id};

use super::{
    Answer, failure,
    load::{Loads, MediaKey, TodoKey},
    object::{Media, MediaAccess, MediaUsage},
    scene,
    upload::UploadedPart,
};

/// The root of queries.
#[derive(Debug)]
pub struct Query;

#[Object]
impl Query {
    /// Access to the files of lists, for a few minutes. Lists that the caller may not see are left out; at most 100.
    #[graphql(complexity = "lists.len() * child_complexity")]
    async fn media_access(&self, context: &Context<'_>, lists: Vec<ID>) -> Answer<Vec<MediaAccess>> {
        let (caller, medias) = scene(context)?;
        let lists: Vec<ListId> = lists.iter().map(parse_id).collect::<Answer<_>>()?;
        let grants = medias.grant(caller.user, &lists).await.map_err(|error| failure(&error))?;
        Ok(grants.into_iter().map(|(list, grant)| MediaAccess::new(list, grant)).collect())
    }

    /// What has arrived of a file that is sent in parts.
    #[graphql(complexity = "125 * child_complexity")]
    async fn uploaded_parts(&self, context: &Context<'_>, list: ID, media: ID) -> Answer<Vec<UploadedPart>> {
        let (caller, medias) = scene(context)?;
        let parts = medias.uploaded_parts(caller.user, parse_id(&list)?, parse_id(&media)?).await;
        Ok(parts.map_err(|error| failure(&error))?.into_iter().map(UploadedPart::from).collect())
    }

    /// A media item, for parts of the graph that refer to one; nothing where it is gone for good.
    #[graphql(entity)]
    async fn find_media_by_list_and_id(
        &self,
        context: &Context<'_>,
        list: ID,
        id: ID,
    ) -> Answer<Option<Media>> {
        let key = MediaKey(caller(context)?.user, parse_id(&list)?, parse_id(&id)?);
        let loads = context.data::<DataLoader<Loads>>()?;
        match loads.load_one(key).await {
            Ok(Some(Ok(media))) => Ok(media.map(Media::from)),
            Ok(Some(Err(failure))) => Err(list_error(&failure)),
            Ok(None) => Ok(None),
        }
    }

    /// The part of a todo that this subgraph knows.
    #[graphql(entity)]
    async fn find_todo_by_list_and_id(&self, context: &Context<'_>, list: ID, id: ID) -> Answer<Todo> {
        caller(context)?;
        parse_id::<ListId>(&list)?;
        parse_id::<TodoId>(&id)?;
        Ok(Todo { list, id })
    }

    /// The part of a user that this subgraph knows; only of the caller.
    #[graphql(entity)]
    async fn find_user_by_id(&self, context: &Context<'_>, id: ID) -> Answer<User> {
        let user: UserId = parse_id(&id)?;
        if user == caller(context)?.user { Ok(User { id }) } else { Err(error(Code::NotFound)) }
    }
}

#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(crate) struct Todo {
    list: ID,
    id: ID,
}

#[ComplexObject]
impl Todo {
    /// Its photos and videos that are not deleted, in order.
    #[graphql(complexity = "50 * child_complexity")]
    async fn media(&self, context: &Context<'_>) -> Answer<Vec<Media>> {
        let key = TodoKey(caller(context)?.user, parse_id(&self.list)?, parse_id(&self.id)?);
        let loads = context.data::<DataLoader<Loads>>()?;
        match loads.load_one(key).await {
            Ok(Some(Ok(media))) => Ok(media.into_iter().map(Media::from).collect()),
            Ok(Some(Err(failure))) => Err(list_error(&failure)),
            Ok(None) => Ok(Vec::new()),
        }
    }
}

#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(crate) struct User {
    id: ID,
}

#[ComplexObject]
impl User {
    /// How much of the room for photos and videos is used.
    async fn media_usage(&self, context: &Context<'_>) -> Answer<MediaUsage> {
        let (caller, medias) = scene(context)?;
        medias.usage(caller.user).await.map(MediaUsage::from).map_err(|failure| list_error(&failure))
    }
}

//! The GraphQL operations: their types are generated from `graphql/*.graphql` and checked against the schema.
//! Here they are put into the domain's words and back.

use domain::{
    action::{Batch, Outcome},
    error::Code,
    id::{ListId, MutationId, SessionId, TodoId},
    model::{List, Todo},
    sync::{Cursor, ListHead, Page, Pull, Receipt},
    time::Timestamp,
};
use graphql_client::GraphQLQuery;
use serde::Serialize;

use super::{
    ApiError, graphql, input, media,
    scalars::{self, Colour, Format, MediaKind, MediaState, Role},
};

macro_rules! operations {
    ($($name:ident = $file:tt),+ $(,)?) => {
        $(
            #[derive(GraphQLQuery)]
            #[graphql(
                schema_path = "graphql/schema.graphql",
                query_path = $file,
                custom_scalars_module = "scalars",
                extern_enums("Colour", "Role", "MediaKind", "MediaState", "Format"),
                skip_serializing_none
            )]
            pub(super) struct $name;
        )+
    };
}
pub(super) use operations;

operations! {
    Commit = "graphql/commit.graphql",
    Heads = "graphql/heads.graphql",
    Changes = "graphql/changes.graphql",
    Sessions = "graphql/sessions.graphql",
    RevokeSession = "graphql/revoke_session.graphql",
    SignOutElsewhere = "graphql/sign_out_elsewhere.graphql",
    SignOutEverywhere = "graphql/sign_out_everywhere.graphql",
    DeleteAccount = "graphql/delete_account.graphql",
}

/// Sends an operation.
pub(super) async fn run<Q: GraphQLQuery>(
    token: &str,
    variables: Q::Variables,
) -> Result<Q::ResponseData, ApiError> {
    let body = text(&Q::build_query(variables))?;
    let data = graphql::post(token, body).await?;
    serde_json::from_str(&data).map_err(|_| not_understood())
}

fn text<T: Serialize>(body: &T) -> Result<String, ApiError> {
    serde_json::to_string(body).map_err(|_| ApiError::new(Code::BadInput))
}

/// The server said something that the schema does not allow: a fault of ours, not the user's.
pub(super) fn not_understood() -> ApiError {
    ApiError::new(Code::Internal)
}

pub(super) fn id<T: std::str::FromStr>(text: &str) -> Result<T, ApiError> {
    text.parse().map_err(|_| not_understood())
}

/// Sends a batch.
pub(crate) async fn commit(token: String, batch: &Batch) -> Result<Receipt, ApiError> {
    if batch.is_media() {
        return media::commit(token, batch).await;
    }
    let answer = run::<Commit>(&token, commit::Variables { batch: input::batch(batch)? }).await?.commit;
    let outcomes = answer.outcomes.iter().map(|outcome| (outcome.applied, outcome.code.as_deref()));
    Ok(Receipt {
        batch: id::<MutationId>(&answer.mutation_id)?,
        list: id(&answer.list)?,
        version: answer.version,
        outcomes: outcomes.map(outcome).collect(),
    })
}

/// What became of an action: whether it was applied, and why not.
pub(super) fn outcome((applied, code): (bool, Option<&str>)) -> Outcome {
    if applied {
        return Outcome::Applied;
    }
    // A code that this version doesn't know yet.
    Outcome::Refused(code.and_then(Code::from_name).unwrap_or(Code::Internal))
}

/// Asks which lists there are, and where they are.
pub(crate) async fn heads(token: String) -> Result<Vec<ListHead>, ApiError> {
    let heads = run::<Heads>(&token, heads::Variables).await?.heads;
    heads
        .into_iter()
        .map(|head| Ok(ListHead { list: id(&head.list)?, version: head.version, role: head.role.into() }))
        .collect()
}

/// Fetches a page of changes.
pub(crate) async fn changes(token: String, pull: Pull) -> Result<Page, ApiError> {
    let Pull { list, cursor } = pull;
    let variables =
        changes::Variables { list: list.to_string(), since: cursor.since, anchor: Some(cursor.anchor) };
    let page = run::<Changes>(&token, variables).await?.changes;
    let todos = page.todos.into_iter().map(|todo| todo_of(list, todo));
    // One that is gone since the page was read is null.
    let media = page.media.into_iter().flatten().map(|media| media::media_of(list, media));
    Ok(Page {
        list: List {
            id: id::<ListId>(&page.list.id)?,
            title: page.list.title,
            colour: page.list.colour.0,
            order: page.list.order,
            archived: page.list.archived,
            created_at: page.list.created_at,
        },
        version: page.list.version,
        role: page.list.role.into(),
        todos: todos.collect::<Result<_, _>>()?,
        media: media.collect::<Result<_, _>>()?,
        cursor: Cursor { since: page.until, anchor: page.anchor },
        more: page.more,
        reset: page.reset,
    })
}

fn todo_of(list: ListId, todo: changes::ChangesChangesTodos) -> Result<Todo, ApiError> {
    Ok(Todo {
        id: id::<TodoId>(&todo.id)?,
        list,
        parent: todo.parent.as_deref().map(id).transpose()?,
        title: todo.title,
        notes: todo.notes,
        done_at: todo.done_at,
        due: todo.due,
        order: todo.order,
        created_at: todo.created_at,
        deleted_at: todo.deleted_at,
    })
}

/// A session of the user.
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) device: String,
    pub(crate) created_at: Timestamp,
    pub(crate) last_seen_at: Timestamp,
    pub(crate) current: bool,
}

/// The user's sessions.
pub(crate) async fn sessions(token: String) -> Result<Vec<Session>, ApiError> {
    let sessions = run::<Sessions>(&token, sessions::Variables).await?.me.sessions;
    let session = |session: sessions::SessionsMeSessions| {
        Ok(Session {
            id: id(&session.id)?,
            device: session.device,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            current: session.current,
        })
    };
    sessions.into_iter().map(session).collect()
}

/// Ends a session.
pub(crate) async fn revoke_session(
    token: String,
    mutation: MutationId,
    session: SessionId,
) -> Result<(), ApiError> {
    let variables =
        revoke_session::Variables { mutation_id: mutation.to_string(), session: session.to_string() };
    run::<RevokeSession>(&token, variables).await.map(drop)
}

/// Ends all sessions but this.
pub(crate) async fn sign_out_elsewhere(token: String, mutation: MutationId) -> Result<(), ApiError> {
    let variables = sign_out_elsewhere::Variables { mutation_id: mutation.to_string() };
    run::<SignOutElsewhere>(&token, variables).await.map(drop)
}

/// Ends all sessions.
pub(crate) async fn sign_out_everywhere(token: String, mutation: MutationId) -> Result<(), ApiError> {
    let variables = sign_out_everywhere::Variables { mutation_id: mutation.to_string() };
    run::<SignOutEverywhere>(&token, variables).await.map(drop)
}

/// Deletes the account.
pub(crate) async fn delete_account(
    token: String,
    mutation: MutationId,
    email: String,
) -> Result<(), ApiError> {
    let variables = delete_account::Variables { mutation_id: mutation.to_string(), email };
    run::<DeleteAccount>(&token, variables).await.map(drop)
}

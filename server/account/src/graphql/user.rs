//! A user in the graph.

use async_graphql::{Context, ID, Object, Result};
use platform::graphql::{caller, scalar::Timestamp};

use super::{refusal, session::Session};
use crate::{profile::Profile, service::Accounts};

/// A user; only the caller is ever shown.
pub(super) struct User(pub(super) Profile);

#[Object]
impl User {
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    async fn email(&self) -> &str {
        self.0.email.as_str()
    }

    async fn created_at(&self) -> Timestamp {
        Timestamp(self.0.created_at)
    }

    /// Where the user is signed in, the session last seen first.
    #[graphql(complexity = "50 * child_complexity")]
    async fn sessions(&self, context: &Context<'_>) -> Result<Vec<Session>> {
        let current = caller(context)?.session;
        let sessions = context.data::<Accounts>()?.sessions(self.0.id).await;
        let sessions = sessions.map_err(|failure| refusal(&failure))?;
        Ok(sessions.into_iter().map(|session| Session { current: session.id == current, session }).collect())
    }
}

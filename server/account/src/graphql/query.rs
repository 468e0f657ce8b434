//! What can be asked.

use async_graphql::{Context, ID, Object, Result};
use domain::{error::Code, id::UserId};
use platform::graphql::{caller, error};

use super::{refusal, user::User};
use crate::service::Accounts;

/// The root of what can be asked.
pub struct Query;

#[Object]
impl Query {
    /// The caller.
    async fn me(&self, context: &Context<'_>) -> Result<User> {
        load(context, caller(context)?.user).await
    }

    /// A user, for parts of the graph that refer to one. Only callers themselves are found.
    #[graphql(entity)]
    async fn user(&self, context: &Context<'_>, id: ID) -> Result<User> {
        let user = caller(context)?.user;
        if id.as_str() == user.to_string() { load(context, user).await } else { Err(error(Code::NotFound)) }
    }
}

pub(super) async fn load(context: &Context<'_>, user: UserId) -> Result<User> {
    let profile = context.data::<Accounts>()?.profile(user).await;
    profile.map(User).map_err(|failure| refusal(&failure))
}

//! What can be changed. Each may be repeated without further effect.

use async_graphql::{Context, ID, Object, Result};
use domain::{error::Code, id::SessionId};
use platform::graphql::{caller, error_saying};

use super::{mutation_id, query::load, refusal, user::User};
use crate::{error::AccountError, service::Accounts};

/// The root of what can be changed.
pub struct Mutation;

#[Object]
impl Mutation {
    /// Ends one of the caller's sessions.
    async fn revoke_session(&self, context: &Context<'_>, mutation_id: ID, session: ID) -> Result<User> {
        let caller = caller(context)?;
        self::mutation_id(&mutation_id)?;
        let not_an_id = |_| error_saying(Code::BadInput, "`session` is not a UUID.");
        let session: SessionId = session.parse().map_err(not_an_id)?;
        let ended = context.data::<Accounts>()?.end_session(caller.user, session).await;
        ended.map_err(|failure| refusal(&failure))?;
        load(context, caller.user).await
    }

    /// Ends every session of the caller but this one.
    async fn sign_out_elsewhere(&self, context: &Context<'_>, mutation_id: ID) -> Result<User> {
        let caller = caller(context)?;
        self::mutation_id(&mutation_id)?;
        let ended = context.data::<Accounts>()?.end_sessions(caller, true).await;
        ended.map_err(|failure| refusal(&failure))?;
        load(context, caller.user).await
    }

    /// Ends every session of the caller, this one too.
    async fn sign_out_everywhere(&self, context: &Context<'_>, mutation_id: ID) -> Result<bool> {
        let caller = caller(context)?;
        self::mutation_id(&mutation_id)?;
        let ended = context.data::<Accounts>()?.end_sessions(caller, false).await;
        ended.map(|()| true).map_err(|failure| refusal(&failure))
    }

    /// Deletes the caller's account with all its lists, for good. `email` is the account's, typed again.
    async fn delete_account(&self, context: &Context<'_>, mutation_id: ID, email: String) -> Result<bool> {
        let caller = caller(context)?;
        self::mutation_id(&mutation_id)?;
        match context.data::<Accounts>()?.delete_account(caller, &email).await {
            Ok(()) => Ok(true),
            Err(AccountError::Refused(Code::BadInput)) => {
                Err(error_saying(Code::BadInput, "This is not the e-mail address of this account."))
            }
            Err(failure) => Err(refusal(&failure)),
        }
    }
}

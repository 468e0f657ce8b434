//! The account service: what the routes and the graph stand on.

use std::sync::Arc;

use domain::{
    email::Email,
    error::Code,
    id::{SessionId, UserId},
    time::Timestamp,
};
use platform::{Caller, Clock, Key, Limit, Mailer, Pokes, Table};

use crate::{error::AccountError, keys::Keys, session};

/// How often each thing may be tried. Limits by peer go by IPv4 address or IPv6 /64 network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// Codes sent to one e-mail address.
    pub codes_to_address: Limit,
    /// Codes that one peer asks for.
    pub codes_by_peer: Limit,
    /// Codes that one peer tries.
    pub tries_by_peer: Limit,
    /// Sessions that one peer refreshes.
    pub refreshes_by_peer: Limit,
}

const HOUR: i64 = 3_600;

impl Default for RateLimits {
    fn default() -> Self {
        let hourly = |kind, times| Limit { kind, times, window: HOUR };
        Self {
            codes_to_address: hourly("code-address", 5),
            codes_by_peer: hourly("code-peer", 120),
            tries_by_peer: hourly("try-peer", 600),
            refreshes_by_peer: hourly("refresh-peer", 6_000),
        }
    }
}

/// The service; clones share everything.
#[derive(Clone)]
pub struct Accounts(pub(crate) Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) table: Table,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) mailer: Arc<dyn Mailer>,
    pub(crate) pokes: Arc<dyn Pokes>,
    pub(crate) keys: Keys,
    pub(crate) limits: RateLimits,
}

/// What a device gets when it signs in or refreshes.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// For the `Authorization` header.
    pub access_token: String,
    /// For the cookie.
    pub refresh_token: String,
    /// The user.
    pub user: UserId,
    /// The user's address.
    pub email: Email,
}

impl Accounts {
    /// A service over these ports.
    #[must_use]
    pub fn new(
        table: Table,
        clock: Arc<dyn Clock>,
        mailer: Arc<dyn Mailer>,
        pokes: Arc<dyn Pokes>,
        keys: Keys,
        limits: RateLimits,
    ) -> Self {
        Self(Arc::new(Parts { table, clock, mailer, pokes, keys, limits }))
    }

    /// Who shows this access token. The session is looked up each time, so a token ends with it.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` where the token is not good, `SESSION_ENDED` where its session is gone.
    pub async fn authorise(&self, token: &str, request_id: String) -> Result<Caller, AccountError> {
        let (user, session) = self.0.keys.read(token, self.now())?;
        let found = self.0.table.get(&Key::session(user, session)).await?;
        let alive = found.map(|item| session::is_alive(&item, self.now())).transpose()?.unwrap_or(false);
        if alive { Ok(Caller { user, session, request_id }) } else { Err(Code::SessionEnded.into()) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) async fn count(&self, limit: Limit, subject: &str) -> Result<(), AccountError> {
        Ok(limit.count(&self.0.table, subject, self.now()).await?)
    }

    pub(crate) fn signed_in(
        &self,
        user: UserId,
        session: SessionId,
        email: Email,
        refresh_token: String,
    ) -> Result<SignedIn, AccountError> {
        let access_token = self.0.keys.issue(user, session, self.now())?;
        Ok(SignedIn { access_token, refresh_token, user, email })
    }
}

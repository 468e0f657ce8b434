//! The access token: in memory only, fetched anew with the refresh cookie before it runs out.

use std::cell::RefCell;

use domain::{error::Code, id::UserId};
use futures::lock::Mutex;

use super::{browser::now, locks};
use crate::api::{ApiError, auth};

/// A token is not used in its last seconds: it has to arrive, too.
const MARGIN_MILLIS: i64 = 30_000;

struct Token {
    text: String,
    /// Milliseconds since the epoch, by this device's clock.
    good_until: i64,
}

/// One user's way past the door.
pub(in crate::store) struct Session {
    user: UserId,
    token: RefCell<Option<Token>>,
    /// One refresh at a time.
    gate: Mutex<()>,
}

impl Session {
    pub(super) fn new(user: UserId) -> Self {
        Self { user, token: RefCell::new(None), gate: Mutex::new(()) }
    }

    /// Takes the token of a fresh sign-in.
    pub(super) fn take(&self, signed_in: &auth::SignedIn) {
        let good_until = now().0 + i64::from(signed_in.expires_in) * 1_000;
        self.put(Some(Token { text: signed_in.access_token.clone(), good_until }));
    }

    /// Does something with a token; once more with a new one if the server does not take the first.
    ///
    /// `SESSION_ENDED` means that only a new sign-in helps.
    pub(in crate::store) async fn call<T, F: Future<Output = Result<T, ApiError>>>(
        &self,
        run: impl Fn(String) -> F,
    ) -> Result<T, ApiError> {
        match run(self.token().await?).await {
            Err(error) if error.code == Code::Unauthenticated => {
                self.forget();
                run(self.token().await?).await
            }
            result => result,
        }
    }

    /// A token that is good for a while.
    pub(super) async fn token(&self) -> Result<String, ApiError> {
        if let Some(token) = self.fresh() {
            return Ok(token);
        }
        let _one_here = self.gate.lock().await;
        if let Some(token) = self.fresh() {
            return Ok(token);
        }
        // And one of all tabs: they share the cookie, and each refresh replaces it.
        let _one_of_all = locks::acquire("stack-refresh", None).await;
        let signed_in = auth::refresh().await.map_err(|error| match error.code {
            Code::Unauthenticated => ApiError::new(Code::SessionEnded),
            _ => error,
        })?;
        if signed_in.user.id != self.user {
            // Somebody else signed in meanwhile: nothing of this user's may go out under that name.
            return Err(ApiError::new(Code::SessionEnded));
        }
        self.take(&signed_in);
        Ok(signed_in.access_token)
    }

    /// Uses the token no more.
    pub(super) fn forget(&self) {
        self.put(None);
    }

    fn fresh(&self) -> Option<String> {
        let token = self.token.try_borrow().ok()?;
        token
            .as_ref()
            .filter(|token| now().0 < token.good_until - MARGIN_MILLIS)
            .map(|token| token.text.clone())
    }

    fn put(&self, token: Option<Token>) {
        if let Ok(mut slot) = self.token.try_borrow_mut() {
            *slot = token;
        }
    }
}

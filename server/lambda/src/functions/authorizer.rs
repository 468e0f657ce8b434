//! Says who a caller is, for API Gateway, which remembers the answer for a minute.
//!
//! A token that is not good is let through with the reason, and the gateway refuses it with the code that clients
//! know. Only what did not come through CloudFront is turned away here.

use account::Accounts;
use aws_lambda_events::apigw::{
    ApiGatewayV2CustomAuthorizerSimpleResponse as Answer, ApiGatewayV2CustomAuthorizerV2Request as Event,
};
use axum::http::{HeaderMap, header};
use domain::error::Code;
use lambda_runtime::Error;
use serde_json::{Value, json};

use crate::{Answered, Function, Invocation, OriginCheck, Setup, SetupError, http::shown, trace::Requested};

/// Knows callers.
pub struct Authorizer {
    accounts: Accounts,
    origin: OriginCheck,
}

impl Authorizer {
    /// As deployed.
    ///
    /// # Errors
    /// Where a secret can't be read, or the deployment did not say what it needs.
    pub async fn new(setup: Setup) -> Result<Self, SetupError> {
        let table = setup.table().await?;
        Ok(Self::over(setup.authorising(table).await?, setup.origin().await?))
    }

    /// Over these accounts.
    #[must_use]
    pub const fn over(accounts: Accounts, origin: OriginCheck) -> Self {
        Self { accounts, origin }
    }

    /// The caller, or why there is none. A fault is neither: API Gateway must not remember it.
    async fn caller(&self, headers: &HeaderMap) -> Result<Value, Error> {
        let bearer =
            headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.split_once(' '));
        let Some((_, token)) = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
            return Ok(json!({ "refusal": Code::Unauthenticated }));
        };
        match self.accounts.authorise(token.trim(), String::new()).await {
            Ok(caller) => Ok(json!({ "user": caller.user, "session": caller.session })),
            Err(error) => match error.code() {
                code @ (Code::Unauthenticated | Code::SessionEnded) => Ok(json!({ "refusal": code })),
                _ => Err(error.into()),
            },
        }
    }
}

impl Function for Authorizer {
    type Event = Event;
    type Answer = Answer;

    fn requested(event: &Event) -> Requested<'_> {
        Requested::over_http(event.request_context.request_id.as_deref(), &event.headers)
    }

    async fn answer(&self, event: Event, _: Invocation) -> Result<Answered<Answer>, Error> {
        let mut answer = Answer::default();
        answer.is_authorized = self.origin.accepts(shown(&event.headers)).await;
        if answer.is_authorized {
            answer.context = self.caller(&event.headers).await?;
        }
        Ok(Answered::part(answer))
    }
}

//! The account subgraph, invoked by the gateway; and `/auth/*`, called by CloudFront.

use std::sync::Arc;

use account::{AccountSchema, Accounts, error_response};
use async_graphql::Response;
use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use axum::{Router, http::StatusCode, routing::get};
use domain::error::Code;
use lambda_runtime::Error;
use platform::{Mailer, graphql};
use serde::{Deserialize, Serialize};

use crate::{
    Answered, Function, Invocation, Keeping, OriginCheck, Ses, Setup, SetupError, SocketPokes, http,
    invoke::{Call, sendable},
    setup::variable,
    trace::Requested,
};

/// The routes, by which their calls are counted.
const ROUTES: [&str; 5] = ["/auth/code", "/auth/verify", "/auth/refresh", "/auth/sign-out", "/healthz"];

/// Answers for users and sessions.
pub struct Account {
    schema: AccountSchema,
    routes: Router,
    origin: OriginCheck,
    pokes: Arc<SocketPokes>,
}

/// What it is called with.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Event {
    /// By the gateway.
    Subgraph(Call),
    /// By API Gateway.
    Http(Box<ApiGatewayV2httpRequest>),
}

/// What it answers, to the one or the other.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To the gateway.
    Subgraph(Response),
    /// To API Gateway.
    Http(ApiGatewayV2httpResponse),
}

impl Account {
    /// As deployed.
    ///
    /// # Errors
    /// Where a secret can't be read, or the deployment did not say what it needs.
    pub async fn new(setup: Setup) -> Result<Self, SetupError> {
        let table = setup.table().await?;
        let pokes = setup.pokes(table.clone())?;
        let ses = Ses::new(setup.config())?;
        let mailer: Arc<dyn Mailer> = match variable("MAIL_KEPT") {
            Ok(_) => Arc::new(Keeping { table: table.clone(), others: ses }),
            Err(_) => Arc::new(ses),
        };
        let accounts = setup.accounts(table, mailer, Arc::clone(&pokes) as _).await?;
        Ok(Self::over(accounts, setup.origin().await?, pokes))
    }

    /// Over these accounts, whose signals go this way to devices.
    #[must_use]
    pub fn over(accounts: Accounts, origin: OriginCheck, pokes: Arc<SocketPokes>) -> Self {
        let routes = account::router(accounts.clone())
            .route("/healthz", get(async || StatusCode::NO_CONTENT))
            .fallback(async || error_response(Code::NotFound));
        Self { schema: account::schema(accounts), routes, origin, pokes }
    }

    async fn serve(&self, request: ApiGatewayV2httpRequest) -> Answered<Answer> {
        let id = request.request_context.request_id.clone().unwrap_or_default();
        let path = request.raw_path.as_deref().unwrap_or_default();
        let route = ROUTES.into_iter().find(|route| *route == path).unwrap_or("other");
        let response = if self.origin.accepts(http::shown(&request.headers)).await {
            http::serve(self.routes.clone(), request).await
        } else {
            error_response(Code::Forbidden)
        };
        let failed = response.status().is_server_error();
        Answered::operation(Answer::Http(http::answer(response, &id).await), route, failed)
    }
}

impl Function for Account {
    type Event = Event;
    type Answer = Answer;

    fn requested(event: &Event) -> Requested<'_> {
        match event {
            Event::Subgraph(call) => call.requested(),
            Event::Http(request) => http::requested(request),
        }
    }

    async fn answer(&self, event: Event, _: Invocation) -> Result<Answered<Answer>, Error> {
        let answered = match event {
            Event::Subgraph(Call { query, variables, caller, .. }) => {
                let answer = graphql::answer(&self.schema, caller, &query, variables).await;
                Answered::part(Answer::Subgraph(sendable(answer)))
            }
            Event::Http(request) => self.serve(*request).await,
        };
        self.pokes.flush().await;
        Ok(answered)
    }
}

//! `/ws`: devices connect, say who they are, and leave.

use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest as Event;
use lambda_runtime::Error;
use serde_json::{Value, json};

use crate::{
    Answered, Function, Invocation, OriginCheck, Setup, SetupError, http::shown, socket::Switchboard,
    trace::Requested,
};

/// Answers for connections.
pub struct Socket {
    switchboard: Switchboard,
    origin: OriginCheck,
}

impl Socket {
    /// As deployed.
    ///
    /// # Errors
    /// Where a secret can't be read, or the deployment did not say what it needs.
    pub async fn new(setup: Setup) -> Result<Self, SetupError> {
        let table = setup.table().await?;
        let pokes = setup.pokes(table.clone())?;
        let switchboard = Switchboard { accounts: setup.authorising(table.clone()).await?, table, pokes };
        Ok(Self::over(switchboard, setup.origin().await?))
    }

    /// Over this switchboard.
    #[must_use]
    pub const fn over(switchboard: Switchboard, origin: OriginCheck) -> Self {
        Self { switchboard, origin }
    }
}

impl Function for Socket {
    type Event = Event;
    type Answer = Value;

    fn requested(event: &Event) -> Requested<'_> {
        Requested::over_http(event.request_context.request_id.as_deref(), &event.headers)
    }

    async fn answer(&self, event: Event, _: Invocation) -> Result<Answered<Value>, Error> {
        let context = &event.request_context;
        let status = match (context.connection_id.as_deref(), context.route_key.as_deref()) {
            (None, _) => 400,
            (Some(_), Some("$connect")) if self.origin.accepts(shown(&event.headers)).await => 200,
            (Some(_), Some("$connect")) => 403,
            (Some(connection), Some("$disconnect")) => {
                self.switchboard.gone(connection).await?;
                200
            }
            (Some(connection), _) => {
                self.switchboard.said(connection, event.body.as_deref().unwrap_or_default()).await?;
                200
            }
        };
        Ok(Answered::part(json!({ "statusCode": status })))
    }
}

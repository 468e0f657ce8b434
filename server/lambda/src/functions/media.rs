//! The media subgraph, invoked by the gateway. Work that a call makes necessary is done by the maker, which is woken.

use std::sync::Arc;

use async_graphql::Response;
use aws_sdk_lambda::{Client, error::DisplayErrorContext, primitives::Blob, types::InvocationType};
use lambda_runtime::Error;
use media::{MediaSchema, Medias};
use platform::{SystemClock, graphql};

use crate::{
    Answered, Function, Invocation, Setup, SetupError, SocketPokes,
    invoke::{Call, sendable},
    setup::variable,
    trace::Requested,
};

/// Answers for photos and videos.
pub struct Media {
    schema: MediaSchema,
    medias: Medias,
    pokes: Arc<SocketPokes>,
    wake: Wake,
}

/// Wakes the maker of variants.
#[derive(Debug)]
pub struct Wake {
    client: Client,
    maker: String,
}

impl Wake {
    /// By this function's name.
    #[must_use]
    pub const fn new(client: Client, maker: String) -> Self {
        Self { client, maker }
    }

    /// Has it look for work. Where this fails, it looks by itself some minutes later.
    async fn wake(&self) {
        let request = self.client.invoke().function_name(&self.maker).payload(Blob::new("{}"));
        if let Err(error) = request.invocation_type(InvocationType::Event).send().await {
            tracing::warn!(error = %DisplayErrorContext(error), "the maker could not be woken");
        }
    }
}

impl Media {
    /// As deployed.
    ///
    /// # Errors
    /// Where the key can't be read, or the deployment did not say what it needs.
    pub async fn new(setup: Setup) -> Result<Self, SetupError> {
        let table = setup.table().await?;
        let pokes = setup.pokes(table.clone())?;
        let (blobs, access) = (setup.blobs()?, setup.access().await?);
        let medias = Medias::new(table, Arc::new(SystemClock), Arc::clone(&pokes) as _, blobs, access);
        let wake = Wake::new(Client::new(setup.config()), variable("MAKER")?);
        Ok(Self::over(medias, pokes, wake))
    }

    /// Over these media, whose signals go this way to devices.
    #[must_use]
    pub fn over(medias: Medias, pokes: Arc<SocketPokes>, wake: Wake) -> Self {
        Self { schema: media::schema(medias.clone()), medias, pokes, wake }
    }
}

impl Function for Media {
    type Event = Call;
    type Answer = Response;

    fn requested(event: &Call) -> Requested<'_> {
        event.requested()
    }

    async fn answer(&self, event: Call, _: Invocation) -> Result<Answered<Response>, Error> {
        let Call { query, variables, caller, .. } = event;
        let answer = graphql::answer(&self.schema, caller, &query, variables).await;
        if self.medias.has_news().await {
            self.wake.wake().await;
        }
        self.pokes.flush().await;
        Ok(Answered::part(sendable(answer)))
    }
}

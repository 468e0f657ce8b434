//! The todo subgraph, invoked by the gateway.

use std::sync::Arc;

use async_graphql::Response;
use lambda_runtime::Error;
use platform::{Pokes, SystemClock, Table, graphql};
use todo::{Lists, TodoSchema};

use crate::{
    Answered, Function, Invocation, Setup, SetupError, SocketPokes,
    invoke::{Call, sendable},
    trace::Requested,
};

/// Answers for lists and todos.
pub struct Todo {
    schema: TodoSchema,
    pokes: Arc<SocketPokes>,
}

impl Todo {
    /// As deployed.
    ///
    /// # Errors
    /// Where the deployment did not say what it needs.
    pub async fn new(setup: Setup) -> Result<Self, SetupError> {
        let table = setup.table().await?;
        let pokes = setup.pokes(table.clone())?;
        Ok(Self::over(table, pokes))
    }

    /// Over this table and this way to devices.
    #[must_use]
    pub fn over(table: Table, pokes: Arc<SocketPokes>) -> Self {
        let lists = Lists::new(table, Arc::new(SystemClock), Arc::clone(&pokes) as Arc<dyn Pokes>);
        Self { schema: todo::schema(lists), pokes }
    }
}

impl Function for Todo {
    type Event = Call;
    type Answer = Response;

    fn requested(event: &Call) -> Requested<'_> {
        event.requested()
    }

    async fn answer(&self, event: Call, _: Invocation) -> Result<Answered<Response>, Error> {
        let Call { query, variables, caller, .. } = event;
        let answer = graphql::answer(&self.schema, caller, &query, variables).await;
        self.pokes.flush().await;
        Ok(Answered::part(sendable(answer)))
    }
}

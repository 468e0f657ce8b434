//! The program of the function `gateway`, with Apollo Router in the place of the product's own gateway.

use std::sync::Arc;

use apollo::Router;
use lambda::{SetupError, functions::Gateway, invoke::Invoke};

// Apollo Router plans on threads of its own and wants more than one for the rest.
#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run("gateway", async |setup| {
        let subgraphs = Invoke::connected(setup.subgraphs()).await;
        let router = Router::new(lambda::functions::SUPERGRAPH, Arc::new(subgraphs)).await;
        router.map(Gateway::with).map_err(|error| SetupError::Engine(error.to_string()))
    })
    .await
}

//! This gateway as a server of its own.

use std::{collections::HashMap, sync::Arc};

use axum::{Router, body::Bytes, extract::State, http::header, response::IntoResponse, routing::post};
use gateway::{Context, Gateway, Limits};
use tokio::net::TcpListener;

use crate::{Outcome, http::Http};

pub(crate) async fn run(port: u16, supergraph: &str) -> Outcome<()> {
    let transport = Http { client: reqwest::Client::new(), urls: urls(supergraph) };
    let gateway = Gateway::new(supergraph, Arc::new(transport), Limits::default())?;
    let routes = Router::new().route("/", post(answer)).with_state(Arc::new(gateway));
    axum::serve(TcpListener::bind(("127.0.0.1", port)).await?, routes).await?;
    Ok(())
}

async fn answer(State(gateway): State<Arc<Gateway>>, body: Bytes) -> impl IntoResponse {
    let answer = gateway.execute(&body, &Context::default()).await;
    ([(header::CONTENT_TYPE, "application/json")], answer.body)
}

/// Where the supergraph says that its subgraphs are.
fn urls(supergraph: &str) -> HashMap<String, String> {
    let graphs = supergraph.lines().filter_map(|line| line.split_once("@join__graph(name: \""));
    let named = graphs.filter_map(|(_, rest)| {
        let (name, rest) = rest.split_once("\", url: \"")?;
        Some((name.to_owned(), rest.split_once('"')?.0.to_owned()))
    });
    named.collect()
}

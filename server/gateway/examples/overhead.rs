//! Measures the time that the gateway adds to calling a subgraph: each line a name, a tab, and a value.

#![expect(clippy::print_stdout, reason = "it prints its findings")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use bytes::Bytes;
use gateway::{Context, Gateway, Limits, SubgraphRequest, Transport, TransportError};
use serde_json::{Map, Value, json};

const SUPERGRAPH: &str = include_str!("../tests/gateway/supergraph.graphql");
const ROUNDS: usize = 20_000;

/// A subgraph that has its answers at hand.
struct Instantly {
    people: Bytes,
    reviews: Bytes,
}

#[async_trait]
impl Transport for Instantly {
    async fn call(&self, subgraph: &str, _: SubgraphRequest, _: &Context) -> Result<Bytes, TransportError> {
        Ok(if subgraph == "people" { self.people.clone() } else { self.reviews.clone() })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    for count in [1, 100] {
        let plain: Vec<Value> = (0..count)
            .map(
                |id| json!({ "__typename": "User", "id": id.to_string(), "name": "Ann Other", "nick": null }),
            )
            .collect();
        let rated: Vec<Value> = (0..count).map(|rating| json!({ "rating": rating })).collect();
        let transport = Arc::new(Instantly {
            people: json!({ "data": { "users": plain } }).to_string().into(),
            reviews: json!({ "data": { "_entities": rated } }).to_string().into(),
        });
        let gateway =
            Gateway::new(SUPERGRAPH, Arc::clone(&transport) as Arc<dyn Transport>, Limits::default())?;
        measure(&format!("one fetch, {count} objects"), &gateway, &*transport, "{ users { id name nick } }")
            .await?;
        measure(
            &format!("fetch and entity batch, {count} objects"),
            &gateway,
            &*transport,
            "{ users { id name nick rating } }",
        )
        .await?;
    }
    let planned = Instant::now();
    let transport =
        Instantly { people: Bytes::from_static(b"{\"data\":{\"users\":[]}}"), reviews: Bytes::new() };
    let gateway = Gateway::new(SUPERGRAPH, Arc::new(transport), Limits::default())?;
    println!("gateway: reading the supergraph\t{}", shown(planned.elapsed()));
    let first = Instant::now();
    gateway.execute(br#"{"query":"{ users { id name rating } }"}"#, &Context::default()).await;
    println!("gateway: first run of an operation, with planning\t{}", shown(first.elapsed()));
    Ok(())
}

async fn measure(
    what: &str,
    gateway: &Gateway,
    transport: &dyn Transport,
    query: &str,
) -> Result<(), serde_json::Error> {
    let body = serde_json::to_vec(&json!({ "query": query }))?;
    let context =
        Context { headers: vec![("x-request-id".to_owned(), "1".to_owned())], ..Context::default() };
    let mut through = Vec::with_capacity(ROUNDS);
    let mut direct = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let answer = gateway.execute(&body, &context).await;
        through.push(start.elapsed());
        std::hint::black_box(answer);

        let start = Instant::now();
        let request = SubgraphRequest { query: query.into(), variables: Map::new() };
        let answer = transport.call("people", request, &context).await;
        direct.push(start.elapsed());
        drop(std::hint::black_box(answer));
    }
    for (name, share) in [("p50", 0.50), ("p99", 0.99)] {
        let added = at(&mut through, share).saturating_sub(at(&mut direct, share));
        println!("gateway adds, {what}, {name}\t{}", shown(added));
    }
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place in a list"
)]
fn at(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default()
}

fn shown(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1000.0)
}

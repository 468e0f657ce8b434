//! The load: connections that each ask one query after the other, of a few kinds in turn.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Outcome;

const CONNECTIONS: usize = 16;
/// One subgraph; two, one after the other, with a batch of entities; the same with one entity.
const QUERIES: [&str; 3] =
    ["{ users { id name nick } }", "{ users { id name rating } }", "{ me { id name rating score } }"];

/// What was measured of a gateway.
pub(crate) struct Measured {
    /// What it answers to each kind of query.
    pub(crate) answers: Vec<Value>,
    pub(crate) started: Duration,
    /// Of each request, the shortest first.
    pub(crate) times: Vec<Duration>,
    pub(crate) time: Duration,
    pub(crate) memory: f64,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place in a list"
)]
impl Measured {
    pub(crate) fn per_second(&self) -> f64 {
        self.times.len() as f64 / self.time.as_secs_f64()
    }

    /// Milliseconds that this part of the requests stays under.
    pub(crate) fn at(&self, share: f64) -> f64 {
        let place = (self.times.len() as f64 * share) as usize;
        self.times.get(place).copied().unwrap_or_default().as_secs_f64() * 1_000.0
    }
}

/// Asks each kind of query once.
pub(crate) async fn answers(client: &reqwest::Client, url: &str) -> Outcome<Vec<Value>> {
    let mut answers = Vec::new();
    for query in QUERIES {
        let answer: Value = ask(client, url, query).await?.json().await?;
        if answer.get("errors").is_some() {
            return Err(answer.to_string().into());
        }
        answers.push(answer.get("data").cloned().unwrap_or_default());
    }
    Ok(answers)
}

/// Asks for so long; gives the time of each request.
pub(crate) async fn run(url: &str, time: Duration) -> Outcome<Vec<Duration>> {
    let until = Instant::now() + time;
    let connections = (0..CONNECTIONS).map(|number| {
        let url = url.to_owned();
        tokio::spawn(async move {
            // A client of its own has a connection of its own.
            let client = reqwest::Client::new();
            let mut times = Vec::new();
            let queries = QUERIES.iter().cycle().skip(number);
            for query in queries.take_while(|_| Instant::now() < until) {
                let began = Instant::now();
                ask(&client, &url, query).await?.bytes().await?;
                times.push(began.elapsed());
            }
            Ok::<_, reqwest::Error>(times)
        })
    });
    let mut all = Vec::new();
    for connection in connections.collect::<Vec<_>>() {
        all.extend(connection.await??);
    }
    Ok(all)
}

async fn ask(client: &reqwest::Client, url: &str, query: &str) -> reqwest::Result<reqwest::Response> {
    client.post(url).json(&json!({ "query": query })).send().await?.error_for_status()
}

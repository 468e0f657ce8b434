//! Runs the cases of a federation gateway audit, whose subgraphs are served at a URL, against this gateway.
//!
//! `cargo xtask audit PATH` starts those subgraphs and then this.

#![expect(clippy::print_stdout, reason = "it prints its findings")]

#[path = "shared/http.rs"]
mod http;

use std::{process::ExitCode, sync::Arc, time::Duration};

use clap::Parser;
use gateway::{Context, Gateway, Limits};
use serde::Deserialize;
use serde_json::{Value, json};

use self::http::Http;

type Failure = Box<dyn std::error::Error>;

#[derive(Parser)]
struct Options {
    /// Where the audit's subgraphs are served.
    #[arg(default_value = "http://localhost:4200")]
    url: String,
    /// Run this group only.
    #[arg(long)]
    group: Option<String>,
    /// Show what was expected and what came, where they differ.
    #[arg(long)]
    verbose: bool,
}

#[derive(Deserialize)]
struct Subgraph {
    name: String,
    url: String,
}

#[derive(Deserialize)]
struct Case {
    query: String,
    expected: Expected,
}

#[derive(Deserialize)]
struct Expected {
    #[serde(default)]
    data: Value,
    /// Whether there must be errors; if this is missing, either is fine.
    errors: Option<bool>,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Failure> {
    let options = Options::parse();
    let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?;
    let groups: Vec<String> = match &options.group {
        Some(group) => vec![group.clone()],
        None => client.get(format!("{}/ids", options.url)).send().await?.json().await?,
    };
    let (mut passed, mut failed) = (0, 0);
    for group in groups {
        let (good, bad) = run(&client, &options, &group).await?;
        println!("{group:45} {good:3} passed {bad:3} failed");
        passed += good;
        failed += bad;
    }
    println!("\n{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn run(client: &reqwest::Client, options: &Options, group: &str) -> Result<(usize, usize), Failure> {
    let base = format!("{}/{group}", options.url);
    let supergraph = client.get(format!("{base}/supergraph")).send().await?.text().await?;
    let subgraphs: Vec<Subgraph> = client.get(format!("{base}/subgraphs")).send().await?.json().await?;
    let cases: Vec<Case> = client.get(format!("{base}/tests")).send().await?.json().await?;
    let urls = subgraphs.into_iter().map(|subgraph| (subgraph.name, subgraph.url)).collect();
    let transport = Arc::new(Http { client: client.clone(), urls });
    // The audit asks whether answers are right, with lists in lists that a product's limits would refuse.
    let limits = Limits { cost: u64::MAX, ..Limits::default() };
    let gateway = Gateway::new(&supergraph, transport, limits)?;
    let (mut passed, mut failed) = (0, 0);
    for (index, case) in cases.iter().enumerate() {
        let body = serde_json::to_vec(&json!({ "query": case.query }))?;
        let answer = gateway.execute(&body, &Context::default()).await;
        let answer: Value = serde_json::from_slice(&answer.body)?;
        let errors = answer.get("errors").and_then(Value::as_array).is_some_and(|errors| !errors.is_empty());
        let data = answer.get("data").unwrap_or(&Value::Null);
        if *data == case.expected.data && case.expected.errors.is_none_or(|expected| expected == errors) {
            passed += 1;
            continue;
        }
        failed += 1;
        println!("failed: {group} {index}");
        if options.verbose {
            println!(
                "{}\nexpected: {} errors: {:?}\ncame:     {answer}\n",
                case.query, case.expected.data, case.expected.errors
            );
        }
    }
    Ok((passed, failed))
}

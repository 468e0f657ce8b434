//! `cargo xtask cost --measure`: what operations consume in a deployment on an emulator, as its functions' logs say.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::measured::{Measured, Operation, Part, Start, Viewed};
use crate::{
    aws::Deployed,
    command::{output, program},
    paths,
    progress::step,
    setup, test,
};

/// What a person does on a usual day. Imports of thousands of todos are left out, since their batches are large; and
/// videos, which the emulator's functions convert themselves.
const WORDS: [&str; 6] = [
    "tests/todos.spec.ts",
    "tests/offline.spec.ts",
    "tests/sign-in.spec.ts",
    "tests/media.spec.ts",
    "--grep-invert",
    "the video streams",
];
/// What CloudWatch adds to each line that it takes in.
const LINE: usize = 26;

/// A line of a function's log (`server/lambda/src/usage.rs`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Usage {
    function: String,
    operation: Option<String>,
    id: String,
    memory: f64,
    millis: f64,
    cpu_millis: f64,
    init_cpu_millis: Option<f64>,
    reads: f64,
    writes: f64,
    requests: BTreeMap<String, f64>,
}

#[derive(Deserialize)]
struct Line {
    usage: Usage,
}

pub(super) fn run() -> Result<()> {
    setup::run()?;
    let measured = test::deployed(&WORDS.map(str::to_owned))?;
    write(&measured, &Measured::file())
}

/// Reads what a deployment has consumed since it began, and keeps it under `target`.
pub(crate) fn record(deployed: &Deployed) -> Result<Measured> {
    step("what was consumed", || {
        let variables = deployed.variables();
        let place = variables.iter().find(|(name, _)| *name == "STACK_URL");
        let (_, url) = place.context("the deployment's address")?;
        let viewers = serde_json::from_str(&get(url, "/dev/usage")?).context("what the front has counted")?;
        // The emulator is written in Python and brings AWS's client along.
        let mut logs = program(paths::work().join("emulator/bin/python"));
        logs.args(["-c", include_str!("logs.py")]).envs(variables);
        let mut events = Vec::new();
        for line in output(&mut logs)?.lines() {
            events.push(serde_json::from_str::<(String, String)>(line)?);
        }
        let date = output(program("date").args(["-u", "+%Y-%m-%d"]))?.trim().to_owned();
        let measured = summed(&events, viewers, date)?;
        write(&measured, &paths::target().join("aws-local/measured.json"))?;
        Ok(measured)
    })
}

fn write(measured: &Measured, file: &std::path::Path) -> Result<()> {
    let text = serde_json::to_string_pretty(measured)? + "\n";
    fs::write(file, text).with_context(|| format!("writing {}", file.display()))?;
    eprintln!("{} has what was measured", file.display());
    Ok(())
}

/// The body of the front's answer.
fn get(url: &str, path: &str) -> Result<String> {
    let host = url.trim_start_matches("http://").replace("localhost", "127.0.0.1");
    let mut stream = TcpStream::connect(&host).with_context(|| format!("connecting to {url}"))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, body) = answer.split_once("\r\n\r\n").context("an answer without a body")?;
    Ok(body.to_owned())
}

/// Adds the events up by operation. A subgraph's part in one is found by the request's id.
fn summed(events: &[(String, String)], viewers: BTreeMap<String, Viewed>, date: String) -> Result<Measured> {
    let mut calls: Vec<(&str, Usage)> = Vec::new();
    let mut logged: BTreeMap<&str, f64> = BTreeMap::new();
    for (group, message) in events {
        if let Ok(line) = serde_json::from_str::<Line>(message) {
            calls.push((group, line.usage));
        } else if message.starts_with('{') {
            // All but Lambda's own words, which production leaves out.
            *logged.entry(group).or_default() += count(message.len() + LINE);
        }
    }
    if calls.is_empty() {
        bail!("no function has said what it consumed: is `usage=debug` in its RUST_LOG?");
    }
    let mut by_group: BTreeMap<&str, f64> = BTreeMap::new();
    for (group, _) in &calls {
        *by_group.entry(group).or_default() += 1.0;
    }
    let wanted: BTreeMap<String, String> =
        calls.iter().filter_map(|(_, call)| Some((call.id.clone(), call.operation.clone()?))).collect();

    let (mut operations, mut starts) =
        (BTreeMap::<String, Operation>::new(), BTreeMap::<String, Start>::new());
    for (group, call) in &calls {
        // Whoever is let in is remembered for other operations too.
        let of_operation = if call.function == "authorizer" { None } else { wanted.get(&call.id) };
        let operation = operations.entry(of_operation.unwrap_or(&call.function).clone()).or_default();
        if of_operation.is_none() || call.operation.is_some() {
            operation.count += 1.0;
        }
        let part = operation.parts.entry(call.function.clone()).or_default();
        let lines = logged.get(group).copied().unwrap_or_default();
        part.log_bytes += lines / by_group.get(group).copied().unwrap_or(1.0);
        add(part, call);
        if let Some(init) = call.init_cpu_millis {
            let start = starts.entry(call.function.clone()).or_default();
            start.count += 1.0;
            start.memory = call.memory;
            start.cpu_millis += init;
        }
    }
    // A connection is several calls, and the maker's work is an upload's.
    let uploads = operations.get("ConfirmUpload").map(|operation| operation.count);
    let connections = viewers.get("socket").map(|seen| seen.requests);
    for (name, times) in [("maker", uploads), ("socket", connections)] {
        if let (Some(operation), Some(times)) = (operations.get_mut(name), times) {
            operation.count = times;
        }
    }
    Ok(Measured { date, operations, starts, viewers })
}

fn add(part: &mut Part, call: &Usage) {
    part.calls += 1.0;
    part.memory = call.memory;
    part.millis += call.millis;
    part.cpu_millis += call.cpu_millis;
    part.reads += call.reads;
    part.writes += call.writes;
    for (service, requests) in &call.requests {
        *part.requests.entry(service.clone()).or_default() += requests;
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(group: &str, function: &str, operation: Option<&str>, id: &str) -> (String, String) {
        let usage = json!({
            "function": function, "operation": operation, "id": id, "memory": 512, "millis": 9.0, "cpuMillis": 2.0,
            "initCpuMillis": if id == "a" { json!(50.0) } else { json!(null) },
            "reads": 1.0, "writes": 3.0, "requests": { "dynamodb": 2 },
        });
        (group.to_owned(), json!({ "usage": usage }).to_string())
    }

    #[test]
    fn a_subgraphs_part_belongs_to_the_operation_of_its_request() {
        let events = [
            event("g", "gateway", Some("Heads"), "a"),
            event("g", "gateway", Some("Heads"), "b"),
            event("t", "todo", None, "a"),
            event("t", "todo", None, "b"),
            event("x", "authorizer", None, "a"),
            event("s", "socket", None, "c"),
            event("s", "socket", None, "d"),
            ("t".to_owned(), "START RequestId: a".to_owned()),
            ("t".to_owned(), r#"{"level":"INFO"}"#.to_owned()),
        ];
        let viewers = BTreeMap::from([("socket".to_owned(), Viewed { requests: 1.0, bytes: 10.0 })]);
        let measured = summed(&events, viewers, "2026-01-01".to_owned()).unwrap();
        let heads = &measured.operations["Heads"];
        assert_eq!(heads.count, 2.0);
        let todo = &heads.parts["todo"];
        assert_eq!((todo.calls, todo.reads, todo.writes, todo.cpu_millis), (2.0, 2.0, 6.0, 4.0));
        assert_eq!(todo.log_bytes, 16.0 + 26.0, "Lambda's own lines are not counted");
        assert!(!heads.parts.contains_key("authorizer"));
        assert_eq!(measured.operations["authorizer"].count, 1.0);
        let socket = &measured.operations["socket"];
        assert_eq!((socket.count, socket.parts["socket"].calls), (1.0, 2.0));
        assert_eq!(measured.starts["gateway"], Start { count: 1.0, memory: 512.0, cpu_millis: 50.0 });
    }

    #[test]
    fn a_deployment_that_says_nothing_is_an_error() {
        let events = [("g".to_owned(), "{}".to_owned())];
        let error = summed(&events, BTreeMap::new(), String::new()).unwrap_err().to_string();
        assert!(error.contains("usage=debug"), "{error}");
    }
}

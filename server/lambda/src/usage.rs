//! What calls consume, as lines of the log, so that a deployment's cost can be worked out of what was measured. Nothing is
//! counted unless the log is asked for it, with `usage=debug` in `RUST_LOG`: each call would pay for one line more.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_sdk_dynamodb::config::{SharedHttpClient, http::HttpRequest};
use platform::Meter;
use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

use crate::tap::tapped;

/// Counts what this process consumes.
#[derive(Debug, Clone, Default)]
pub struct Usage {
    meter: Meter,
    requests: Requests,
}

/// Requests to services that were sent, retries too: `dynamodb`, `s3 PUT`.
type Requests = Arc<Mutex<BTreeMap<String, u64>>>;

/// A call, as it was.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Call<'a> {
    /// Which function.
    pub function: &'a str,
    /// What a client wanted, where this function is told.
    pub operation: Option<&'a str>,
    /// The request's id, which the functions that had a part in it share.
    pub id: &'a str,
    /// Megabytes that the function may have, which its time is charged by.
    pub memory: i32,
    /// How long it took.
    #[serde(rename = "millis", serialize_with = "millis")]
    pub took: Duration,
    /// How much of a processor's time it took, on all threads.
    #[serde(rename = "cpuMillis", serialize_with = "millis")]
    pub processed: Duration,
    /// The same for getting ready, if this is the process's first call.
    #[serde(
        rename = "initCpuMillis",
        serialize_with = "millis_if_any",
        skip_serializing_if = "Option::is_none"
    )]
    pub init: Option<Duration>,
}

#[derive(Serialize)]
struct Line<'a> {
    usage: Consumed<'a>,
}

#[derive(Serialize)]
struct Consumed<'a> {
    #[serde(flatten)]
    call: Call<'a>,
    reads: f64,
    writes: f64,
    requests: BTreeMap<String, u64>,
}

impl Usage {
    /// A counter, if the log is asked for what it counts.
    #[must_use]
    pub fn wanted() -> Option<Self> {
        tracing::enabled!(target: "usage", tracing::Level::DEBUG).then(Self::default)
    }

    /// What counts the table's units.
    #[must_use]
    pub const fn meter(&self) -> &Meter {
        &self.meter
    }

    /// The same way to services, with its requests counted.
    #[must_use]
    pub fn counting(&self, client: SharedHttpClient) -> SharedHttpClient {
        let requests = Arc::clone(&self.requests);
        tapped(client, move |request| {
            if let Some(name) = name(request) {
                let mut requests = requests.lock().unwrap_or_else(PoisonError::into_inner);
                *requests.entry(name).or_default() += 1;
            }
        })
    }

    /// Forgets what was counted so far.
    pub fn clear(&self) {
        self.take();
    }

    /// The line of a call that consumed what was counted since the last one.
    #[must_use]
    pub fn line(&self, call: Call<'_>) -> String {
        let (units, requests) = self.take();
        let usage = Consumed { call, reads: units.reads, writes: units.writes, requests };
        serde_json::to_string(&Line { usage }).unwrap_or_default()
    }

    fn take(&self) -> (platform::Units, BTreeMap<String, u64>) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        (self.meter.take(), std::mem::take(&mut *requests))
    }
}

/// The processor's time that this process has had.
#[must_use]
pub fn processed() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}

fn millis<S: serde::Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64((time.as_secs_f64() * 1_000_000.0).round() / 1_000.0)
}

fn millis_if_any<S: serde::Serializer>(time: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
    millis(&time.unwrap_or_default(), to)
}

/// Which service it is for, as its signature says wherever the service is; of storage also the method, by which its
/// requests are charged.
fn name(request: &HttpRequest) -> Option<String> {
    let scope = request.headers().get("authorization")?.split_once("Credential=")?.1;
    // The key's id, the day, the region, the service.
    let service = scope.split('/').nth(3)?;
    Some(if service == "s3" { format!("s3 {}", request.method()) } else { service.to_owned() })
}

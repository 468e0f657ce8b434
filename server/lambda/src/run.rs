//! Running a function: its log, its metrics, and its calls one after the other.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant, SystemTime},
};

use domain::trace::TraceId;
use lambda_runtime::{Context, Error, LambdaEvent, service_fn};
use serde::{Serialize, de::DeserializeOwned};
use tracing::Instrument as _;
use tracing_subscriber::EnvFilter;

use crate::{
    Setup, SetupError, metrics,
    trace::{self, Requested},
    usage::{self, Usage},
};

/// What a call is besides its event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// Lambda's id for the call.
    pub id: String,
    /// When Lambda ends it.
    pub deadline: Instant,
}

/// An answer, and what it counts as.
#[derive(Debug)]
pub struct Answered<A> {
    pub(crate) answer: A,
    operation: Option<&'static str>,
    failed: bool,
}

impl<A> Answered<A> {
    /// An answer that is no operation of a client's.
    pub const fn part(answer: A) -> Self {
        Self { answer, operation: None, failed: false }
    }

    /// The answer to an operation; `failed` where it is our fault that it was not done.
    pub const fn operation(answer: A, operation: &'static str, failed: bool) -> Self {
        Self { answer, operation: Some(operation), failed }
    }

    /// The answer itself.
    pub fn into_inner(self) -> A {
        self.answer
    }

    /// What it counts as.
    #[must_use]
    pub const fn counted(&self) -> (Option<&'static str>, bool) {
        (self.operation, self.failed)
    }
}

/// Answers calls.
pub trait Function: Sync {
    /// What it is called with.
    type Event: DeserializeOwned;
    /// What it answers.
    type Answer: Serialize;

    /// By what the client's request is found in every log on its way, as far as the event says.
    fn requested(event: &Self::Event) -> Requested<'_>;

    /// Answers a call.
    ///
    /// # Errors
    /// A fault, in words for the log. Whoever called is told that there was one.
    fn answer(
        &self,
        event: Self::Event,
        invocation: Invocation,
    ) -> impl Future<Output = Result<Answered<Self::Answer>, Error>>;
}

/// Makes a function, and has it answer calls until the process ends.
///
/// # Errors
/// Where the function can't be made: Lambda tries once more, with a new process.
pub async fn run<F: Function>(
    name: &'static str,
    make: impl AsyncFnOnce(Setup) -> Result<F, SetupError>,
) -> Result<(), Error> {
    let started = Instant::now();
    begin_log();
    let usage = Usage::wanted();
    let function = match make(Setup::read(usage.clone()).await).await {
        Ok(function) => function,
        Err(error) => {
            tracing::error!(%error, "the function can't start");
            return Err(error.into());
        }
    };
    let ready = started.elapsed();
    let ready_processed = usage::processed();
    if let Some(usage) = &usage {
        usage.clear();
    }
    let cold = AtomicBool::new(true);
    let environment = std::env::var("STACK_ENVIRONMENT").unwrap_or_default();
    let answer = async |event: LambdaEvent<F::Event>| {
        let (started, processed) = (Instant::now(), usage::processed());
        let LambdaEvent { payload, context } = event;
        let Requested { id, trace } = F::requested(&payload);
        let id = id.unwrap_or(&context.request_id).to_owned();
        let trace = trace.or_else(|| TraceId::in_header(context.xray_trace_id.as_deref()?));
        let invocation = Invocation { id: context.request_id.clone(), deadline: deadline(&context) };
        // Everything that is logged meanwhile carries both: the first is the request's, from API Gateway on; the
        // second is the trace's, from the browser on, which requests to other services carry too.
        let traced = trace.as_ref().map(TraceId::as_str).unwrap_or_default().to_owned();
        let span = tracing::info_span!("call", %id, trace = traced);
        let answered = trace::within(trace, function.answer(payload, invocation).instrument(span)).await;
        let (operation, failed) = answered.as_ref().map_or((None, true), Answered::counted);
        let took = started.elapsed();
        let first = cold.swap(false, Ordering::Relaxed);
        if let Some(usage) = &usage {
            let processed = usage::processed().saturating_sub(processed);
            let init = first.then_some(ready_processed);
            let memory = context.env_config.memory;
            let call = usage::Call { function: name, operation, id: &id, memory, took, processed, init };
            println!("{}", usage.line(call));
        }
        let counted = metrics::Counted {
            environment: &environment,
            function: name,
            operation,
            failed,
            took,
            init: first.then_some(ready),
            id: &id,
            trace: &traced,
        };
        if let Some(line) = metrics::line(&counted, SystemTime::now()) {
            println!("{line}");
        }
        answered.map(Answered::into_inner)
    };
    lambda_runtime::run(service_fn(answer)).await
}

/// JSON lines; CloudWatch adds the time to each.
fn begin_log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().json().flatten_event(true).with_span_list(false).without_time();
    log.with_env_filter(filter).init();
}

fn deadline(context: &Context) -> Instant {
    let left = context.deadline().duration_since(SystemTime::now()).unwrap_or(Duration::ZERO);
    Instant::now() + left
}

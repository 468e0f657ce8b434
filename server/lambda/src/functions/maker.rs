//! Does what is to be done with files, has MediaConvert convert videos, and makes variants that CloudFront has asked for
//! in vain.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use account::error_response;
use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use axum::http::HeaderValue;
use domain::error::Code;
use lambda_runtime::Error;
use media::{
    Medias,
    access::Access,
    files::Files,
    process::{Ffmpeg, Pipeline, Worker},
};
use platform::{SystemClock, blob::Blobs};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Answered, Function, Invocation, MediaConvert, OriginCheck, Setup, SetupError, SocketPokes,
    convert::{Change, SOURCE},
    http,
    setup::{variable, variable_if_any},
    trace::Requested,
};

/// In which CloudFront's program hands on the signature of whoever asks for a playlist: the rest of CloudFront has
/// checked it, and taken it away.
const SIGNATURE: &str = "x-stack-access";
/// What a piece of work may need. None is begun that might not end in time.
const PIECE: Duration = Duration::from_secs(120);

/// Makes variants.
pub struct Maker {
    medias: Medias,
    files: Files,
    pipeline: Pipeline,
    origin: OriginCheck,
    pokes: Arc<SocketPokes>,
}

/// What it is called with.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Value")]
pub enum Event {
    /// By API Gateway: a variant is missing, or a playlist is wanted.
    Http(Box<ApiGatewayV2httpRequest>),
    /// By EventBridge: something has happened to a job of MediaConvert's.
    Job(Change),
    /// By the media subgraph, or because some time has passed: there may be work.
    Work,
}

impl TryFrom<Value> for Event {
    type Error = serde_json::Error;

    fn try_from(event: Value) -> Result<Self, Self::Error> {
        if event.get("requestContext").is_some() {
            Ok(Self::Http(serde_json::from_value(event)?))
        } else if event.get("source").is_some_and(|source| source == SOURCE) {
            Ok(Self::Job(serde_json::from_value(event)?))
        } else {
            Ok(Self::Work)
        }
    }
}

/// What it answers, to the one or the other.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To API Gateway.
    Http(Box<ApiGatewayV2httpResponse>),
    /// How many pieces of work were done.
    Done(usize),
}

impl Maker {
    /// As deployed.
    ///
    /// # Errors
    /// Where a secret can't be read, or the deployment did not say what it needs.
    pub async fn new(setup: Setup) -> Result<Self, SetupError> {
        let table = setup.table().await?;
        let pokes = setup.pokes(table.clone())?;
        let blobs = setup.blobs()?;
        // It signs no addresses: this key is never made.
        let access = Access::local(&std::env::temp_dir().join("media-key"))?;
        let medias =
            Medias::new(table, Arc::new(SystemClock), Arc::clone(&pokes) as _, blobs.clone(), access);
        let service = match variable_if_any("CONVERSION") {
            None => None,
            Some(queue) => {
                Some(MediaConvert::new(setup.config(), &blobs, queue, variable("CONVERSION_ROLE")?))
            }
        };
        Ok(Self::over(medias, blobs, setup.origin().await?, pokes, service))
    }

    /// Over these media and their files. Pictures are decoded in this very process, which Lambda limits; videos are
    /// converted by the service, if there is one.
    #[must_use]
    pub fn over(
        medias: Medias,
        blobs: Blobs,
        origin: OriginCheck,
        pokes: Arc<SocketPokes>,
        service: Option<MediaConvert>,
    ) -> Self {
        let pipeline = Pipeline::new(blobs.clone(), Worker::Here, Ffmpeg::find());
        let pipeline = match service {
            Some(service) => pipeline.with_service(Arc::new(service)),
            None => pipeline,
        };
        Self { medias, files: Files::new(blobs, pipeline.clone()), pipeline, origin, pokes }
    }

    async fn read(&self, request: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse {
        let context = &request.request_context;
        let id = context.request_id.clone().unwrap_or_default();
        if !self.origin.accepts(http::shown(&request.headers)).await {
            return http::answer(error_response(Code::Forbidden), &id).await;
        }
        let path = request.raw_path.as_deref().unwrap_or_default().trim_start_matches("/media/");
        let query = request.headers.get(SIGNATURE).map(HeaderValue::to_str);
        let query = query.and_then(Result::ok).unwrap_or_default();
        let read = self.files.read(&context.http.method, path, query, &request.headers).await;
        http::answer(read.unwrap_or_else(error_response), &id).await
    }

    async fn work(&self, invocation: &Invocation) -> Result<usize, Error> {
        let mut done = 0;
        while Instant::now() + PIECE < invocation.deadline && self.medias.work_once(&self.pipeline).await? {
            done += 1;
        }
        Ok(done)
    }
}

impl Function for Maker {
    type Event = Event;
    type Answer = Answer;

    fn requested(event: &Event) -> Requested<'_> {
        match event {
            Event::Http(request) => http::requested(request),
            Event::Job(_) | Event::Work => Requested::default(),
        }
    }

    async fn answer(&self, event: Event, invocation: Invocation) -> Result<Answered<Answer>, Error> {
        let answered = match event {
            Event::Http(request) => {
                let answer = self.read(*request).await;
                let failed = answer.status_code >= 500;
                Answered::operation(Answer::Http(Box::new(answer)), "/media", failed)
            }
            Event::Job(change) => {
                match change.news() {
                    Some(news) => {
                        // Each further news of the job is another chance.
                        if let Some(job) = self.medias.told(&news).await?
                            && let Err(error) = self.pipeline.cancel(job).await
                        {
                            tracing::warn!(job, %error, "a job that nobody needs goes on");
                        }
                    }
                    None => tracing::warn!(?change, "a job that nobody here has ordered"),
                }
                Answered::part(Answer::Done(self.work(&invocation).await?))
            }
            Event::Work => Answered::part(Answer::Done(self.work(&invocation).await?)),
        };
        self.pokes.flush().await;
        Ok(answered)
    }
}

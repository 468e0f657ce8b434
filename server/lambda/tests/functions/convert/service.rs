//! A stand-in for MediaConvert over HTTP: it notes what it is asked, has jobs, and leaves the files that one was ordered to
//! make where it was told to.

use std::{
    collections::BTreeMap,
    io::Cursor,
    sync::{Arc, Mutex},
};

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use platform::blob::{BlobKey, Blobs, Bucket};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What the service does with the next order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Takes,
    /// It has too much to do.
    Throttles,
    /// It takes the order, and its answer is lost.
    LosesAnswers,
}

#[derive(Clone)]
pub(crate) struct Service {
    state: Arc<Mutex<Conversions>>,
    address: String,
}

struct Conversions {
    mood: Mood,
    probe: (u16, Value),
    /// What was asked of it: an operation, and its body.
    asked: Vec<(&'static str, Value)>,
    /// Orders and states of jobs, by name.
    jobs: BTreeMap<String, (Value, Value)>,
}

type Shared = Arc<Mutex<Conversions>>;

/// Requests that nobody has signed for this service get nowhere.
fn is_signed(headers: &HeaderMap) -> bool {
    let signature = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    signature.starts_with("AWS4-HMAC-SHA256 Credential=a/")
        && signature.contains("/eu-west-1/mediaconvert/aws4_request")
        && signature.contains("Signature=")
}

fn refused(status: u16, kind: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (status, [("x-amzn-errortype", kind)], Json(json!({ "message": "no" }))).into_response()
}

async fn probe(State(state): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    if !is_signed(&headers) {
        return refused(403, "ForbiddenException");
    }
    let mut state = state.lock().unwrap();
    state.asked.push(("probe", serde_json::from_slice(&body).unwrap()));
    match &state.probe {
        (200, found) => Json(json!({ "probeResults": [found] })).into_response(),
        (status, _) => refused(*status, "BadRequestException"),
    }
}

async fn create(State(state): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    if !is_signed(&headers) {
        return refused(403, "ForbiddenException");
    }
    let (mut state, order) = (state.lock().unwrap(), serde_json::from_slice::<Value>(&body).unwrap());
    state.asked.push(("create", order.clone()));
    if state.mood == Mood::Throttles {
        return refused(429, "TooManyRequestsException");
    }
    let same = |(order, _): &(Value, Value), token: &Value| order["clientRequestToken"] == *token;
    let known = state.jobs.iter().find(|(_, job)| same(job, &order["clientRequestToken"]));
    let name = known.map_or_else(|| format!("job-{}", state.jobs.len() + 1), |(name, _)| name.clone());
    let job = json!({ "id": name, "status": "SUBMITTED", "role": order["role"], "settings": {} });
    state.jobs.entry(name).or_insert_with(|| (order, job.clone()));
    if state.mood == Mood::LosesAnswers {
        return refused(500, "InternalServerErrorException");
    }
    (StatusCode::CREATED, Json(json!({ "job": job }))).into_response()
}

async fn look(State(state): State<Shared>, headers: HeaderMap, Path(name): Path<String>) -> Response {
    if !is_signed(&headers) {
        return refused(403, "ForbiddenException");
    }
    let mut state = state.lock().unwrap();
    state.asked.push(("look", json!(name)));
    match state.jobs.get(&name) {
        Some((_, job)) => Json(json!({ "job": job })).into_response(),
        None => refused(404, "NotFoundException"),
    }
}

async fn cancel(State(state): State<Shared>, headers: HeaderMap, Path(name): Path<String>) -> Response {
    if !is_signed(&headers) {
        return refused(403, "ForbiddenException");
    }
    let mut state = state.lock().unwrap();
    state.asked.push(("cancel", json!(name)));
    match state.jobs.get_mut(&name).map(|(_, job)| &mut job["status"]) {
        Some(status) if *status == "SUBMITTED" || *status == "PROGRESSING" => {
            *status = json!("CANCELED");
            (StatusCode::ACCEPTED, Json(json!({}))).into_response()
        }
        Some(_) => refused(409, "ConflictException"),
        None => refused(404, "NotFoundException"),
    }
}

/// What a look finds in a film of nine seconds.
pub(crate) fn film() -> Value {
    json!({ "container": { "format": "mp4", "duration": 9.4, "tracks": [
        { "index": 1, "trackType": "video", "codec": "AVC", "videoProperties": {
            "width": 1920, "height": 1080, "frameRate": { "numerator": 30, "denominator": 1 } } },
        { "index": 2, "trackType": "audio", "codec": "AAC", "audioProperties": { "channels": 2 } },
    ] } })
}

impl Service {
    pub(crate) async fn start() -> Self {
        let (mood, probe_of, asked, jobs) = (Mood::Takes, (200, film()), Vec::new(), BTreeMap::new());
        let state = Arc::new(Mutex::new(Conversions { mood, probe: probe_of, asked, jobs }));
        let routes = Router::new()
            .route("/2017-08-29/probe", post(probe))
            .route("/2017-08-29/jobs", post(create))
            .route("/2017-08-29/jobs/{name}", get(look).delete(cancel))
            .with_state(Arc::clone(&state));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, routes).into_future());
        Self { state, address }
    }

    pub(crate) fn config(&self) -> SdkConfig {
        let credentials = Credentials::new("a", "s", None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("eu-west-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(platform::https_client())
            .retry_config(RetryConfig::disabled())
            .endpoint_url(&self.address)
            .build()
    }

    pub(crate) fn is(&self, mood: Mood) {
        self.state.lock().unwrap().mood = mood;
    }

    /// What a look at a file finds from now on.
    pub(crate) fn finds(&self, status: u16, found: Value) {
        self.state.lock().unwrap().probe = (status, found);
    }

    /// What was asked since this was last called.
    pub(crate) fn asked(&self) -> Vec<&'static str> {
        self.state.lock().unwrap().asked.drain(..).map(|(what, _)| what).collect()
    }

    pub(crate) fn jobs(&self) -> usize {
        self.state.lock().unwrap().jobs.len()
    }

    /// What a job was ordered with.
    pub(crate) fn order(&self, name: &str) -> Value {
        self.state.lock().unwrap().jobs[name].0.clone()
    }

    /// Moves a job on, with what else is known of it then.
    pub(crate) fn turns(&self, name: &str, status: &str, more: Value) {
        let mut state = self.state.lock().unwrap();
        let job = &mut state.jobs.get_mut(name).unwrap().1;
        job["status"] = status.into();
        for (name, value) in more.as_object().unwrap() {
            job[name] = value.clone();
        }
    }

    /// Knows a job no more.
    pub(crate) fn forgets(&self, name: &str) {
        self.state.lock().unwrap().jobs.remove(name).unwrap();
    }

    /// Ends a job well, with its files where the order says.
    pub(crate) async fn completes(&self, name: &str, blobs: &Blobs) {
        self.writes(name, blobs).await;
        let outputs = json!([{ "outputDetails": [{ "durationInMs": 9_400 }, { "durationInMs": 9_433 }] }]);
        self.turns(name, "COMPLETE", json!({ "outputGroupDetails": outputs }));
    }

    /// Leaves a job's files where its order says.
    pub(crate) async fn writes(&self, name: &str, blobs: &Blobs) {
        let order = self.order(name);
        for group in order["settings"]["outputGroups"].as_array().unwrap() {
            let (settings, outputs) = (&group["outputGroupSettings"], group["outputs"].as_array().unwrap());
            let (hls, file) = (&settings["hlsGroupSettings"], &settings["fileGroupSettings"]);
            if let Some(to) = hls["destination"].as_str() {
                let mut list = "#EXTM3U\n".to_owned();
                for output in outputs {
                    let suffix = output["nameModifier"].as_str().unwrap();
                    let name = to.rsplit('/').next().unwrap();
                    list += &format!("#EXT-X-STREAM-INF:BANDWIDTH=1\n{name}{suffix}.m3u8\n");
                    let segments = format!("#EXTM3U\n#EXTINF:4,\n{name}{suffix}_00001.ts\n");
                    write(blobs, &format!("{to}{suffix}.m3u8"), segments.into_bytes()).await;
                    write(blobs, &format!("{to}{suffix}_00001.ts"), vec![0x47]).await;
                }
                write(blobs, &format!("{to}.m3u8"), list.into_bytes()).await;
            } else {
                let to = file["destination"].as_str().unwrap();
                let capture = &outputs[0]["videoDescription"]["codecSettings"]["frameCaptureSettings"];
                for number in 0..capture["maxCaptures"].as_u64().unwrap() {
                    write(blobs, &format!("{to}.{number:07}.jpg"), jpeg()).await;
                }
            }
        }
    }

    /// What EventBridge is told of a job.
    pub(crate) fn event(&self, name: &str, status: &str) -> Value {
        let order = self.order(name);
        json!({
            "version": "0", "id": "e", "detail-type": "MediaConvert Job State Change", "source": "aws.mediaconvert",
            "account": "000000000002", "time": "2026-01-01T00:00:00Z", "region": "eu-west-1", "resources": [],
            "detail": {
                "timestamp": 1, "accountId": "000000000002", "queue": order["queue"], "jobId": name,
                "status": status, "userMetadata": order["userMetadata"],
            },
        })
    }
}

async fn write(blobs: &Blobs, address: &str, contents: Vec<u8>) {
    let key = BlobKey::parse(address.strip_prefix("s3://variants/").unwrap()).unwrap();
    blobs.put(Bucket::Variants, &key, "binary/octet-stream", contents.into()).await.unwrap();
}

fn jpeg() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(640, 360, |x, y| image::Rgb([x as u8, y as u8, 99]));
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, image::ImageFormat::Jpeg).unwrap();
    file.into_inner()
}

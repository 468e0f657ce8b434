//! Videos by MediaConvert: a function can't run for as long as a video takes, so it orders, and looks when it is told to.

mod change;
mod probe;
mod settings;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_mediaconvert::{
    Client,
    config::http::HttpResponse,
    error::{DisplayErrorContext, SdkError},
    types::{Job, JobStatus},
};
use domain::error::Code;
use media::process::{Order, ProcessError, Progress, Transcode};
use platform::blob::{Blobs, Bucket};

pub(crate) use change::{Change, SOURCE};

use self::probe::Probed;

/// MediaConvert's error codes that speak of what is in the input: a stream or a codec that can't be decoded, a container
/// that is broken. Others speak of access, of the service, or of nothing in particular.
/// <https://docs.aws.amazon.com/mediaconvert/latest/ug/mediaconvert_error_codes.html>
const BROKEN_INPUT: std::ops::RangeInclusive<i32> = 1_020..=1_093;

/// Orders jobs in one queue.
#[derive(Debug, Clone)]
pub struct MediaConvert {
    client: Client,
    /// Names of the buckets.
    originals: String,
    variants: String,
    /// Addresses of the queue, and of the role in which MediaConvert reads and writes.
    queue: String,
    role: String,
}

impl MediaConvert {
    /// In this queue, as this role, over the storage that these blobs are in.
    #[must_use]
    pub fn new(config: &SdkConfig, blobs: &Blobs, queue: String, role: String) -> Self {
        let name = |bucket| blobs.name(bucket).to_owned();
        let (originals, variants) = (name(Bucket::Originals), name(Bucket::Variants));
        Self { client: Client::new(config), originals, variants, queue, role }
    }
}

#[async_trait]
impl Transcode for MediaConvert {
    /// Looks at the file first: a job costs by what it makes.
    async fn begin(&self, order: &Order) -> Result<String, ProcessError> {
        let input = format!("s3://{}/{}", self.originals, order.original);
        let probed = Probed::of(&self.client, &input).await?;
        let (media, attempt) = (order.media.to_string(), order.attempt.to_string());
        // Within a minute the same token gives the same job. Later the job's first event tells of it.
        let token = format!("{media}-{}-{attempt}", order.generation);
        let created = self
            .client
            .create_job()
            .client_request_token(token)
            .queue(&self.queue)
            .role(&self.role)
            .user_metadata(change::MEDIA, media)
            .user_metadata(change::FOLDER, order.folder.as_str())
            .user_metadata(change::ATTEMPT, attempt)
            .settings(settings::job(order, &probed, input, &self.variants))
            .send()
            .await
            .map_err(|error| failed(&error))?;
        let name = created.job.and_then(|job| job.id);
        name.ok_or_else(|| ProcessError::Failed("MediaConvert gave the job no name".to_owned()))
    }

    async fn look(&self, job: &str) -> Result<Progress, ProcessError> {
        let found = match self.client.get_job().id(job).send().await {
            Ok(found) => found.job,
            // Jobs are forgotten after 90 days.
            Err(error) if is(&error, 404) => None,
            Err(error) => return Err(failed(&error)),
        };
        let found = found.ok_or_else(|| ProcessError::GaveUp(format!("there is no job {job}")))?;
        match &found.status {
            Some(JobStatus::Complete) => Ok(Progress::Done { duration_ms: duration_ms(&found) }),
            // Whoever did that by hand does not want another one.
            Some(JobStatus::Canceled) => Err(ProcessError::Unsuitable(Code::ProcessingLimit)),
            Some(JobStatus::Error) => {
                let (code, text) = (found.error_code.unwrap_or_default(), found.error_message.as_deref());
                let text = format!("{job} ended with {code}: {}", text.unwrap_or_default());
                if BROKEN_INPUT.contains(&code) {
                    tracing::info!(job, code, "a video can't be converted");
                    return Err(ProcessError::Unsuitable(Code::MediaBroken));
                }
                Err(ProcessError::GaveUp(text))
            }
            _ => {
                let percent = found.job_percent_complete.and_then(|percent| u8::try_from(percent).ok());
                let percent = percent.unwrap_or_default();
                tracing::info!(job, percent, "a video is being converted");
                Ok(Progress::Working { percent })
            }
        }
    }

    async fn cancel(&self, job: &str) -> Result<(), ProcessError> {
        match self.client.cancel_job().id(job).send().await {
            Ok(_) => {
                tracing::info!(job, "a job that nobody needs is cancelled");
                Ok(())
            }
            // It has ended, or is forgotten.
            Err(error) if [400, 404, 409].iter().any(|status| is(&error, *status)) => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    }
}

/// How long the longest of what was made plays.
fn duration_ms(job: &Job) -> u64 {
    let outputs = job.output_group_details().iter().flat_map(|group| group.output_details());
    let longest = outputs.filter_map(|output| output.duration_in_ms).max();
    longest.and_then(|millis| u64::try_from(millis).ok()).unwrap_or_default()
}

/// Whether the service answered with this status.
fn is<E>(error: &SdkError<E, HttpResponse>, status: u16) -> bool {
    error.raw_response().is_some_and(|response| response.status().as_u16() == status)
}

/// A fault that is worth another try: the service is out of reach or busy, or the deployment is not as it should be.
fn failed<E: std::error::Error + 'static>(error: &SdkError<E, HttpResponse>) -> ProcessError {
    ProcessError::Failed(DisplayErrorContext(error).to_string())
}

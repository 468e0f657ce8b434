//! What MediaConvert tells EventBridge of a job.
//!
//! <https://docs.aws.amazon.com/mediaconvert/latest/ug/mediaconvert_event_list.html>

use std::collections::HashMap;

use media::work::News;
use serde::Deserialize;

/// What a job says whose file it is about, where what it makes goes, and how many jobs were before it.
pub(super) const MEDIA: &str = "media";
pub(super) const FOLDER: &str = "folder";
pub(super) const ATTEMPT: &str = "attempt";
/// What such an event says it is from.
pub(crate) const SOURCE: &str = "aws.mediaconvert";

/// A change of a job's state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Change {
    detail: Detail,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    job_id: String,
    status: String,
    #[serde(default)]
    user_metadata: HashMap<String, String>,
}

impl Change {
    /// What it comes to for us; nothing, where the job is none of ours.
    #[must_use]
    pub fn news(&self) -> Option<News> {
        let Detail { job_id, status, user_metadata } = &self.detail;
        let of = |name: &str| user_metadata.get(name).map(String::as_str);
        let (media, attempt) = (of(MEDIA)?.parse().ok()?, of(ATTEMPT)?.parse().ok()?);
        let ended = matches!(status.as_str(), "COMPLETE" | "ERROR" | "CANCELED");
        News::of(media, of(FOLDER)?, attempt, job_id, ended)
    }
}

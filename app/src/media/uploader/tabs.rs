//! What the tabs of one user tell each other about files and uploads: one of them sends, all show it.

use domain::id::MediaId;
use serde::{Deserialize, Serialize};

use super::queue::Upload;
use crate::media::files::Kept;

/// One message, to all other tabs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Message {
    /// A new tab wants to know how it goes.
    Hello,
    /// This file is kept now.
    Kept(Kept),
    /// This one no longer.
    LetGo(MediaId),
    /// The uploads of the tab that sends.
    Uploads(Vec<(MediaId, Upload)>),
    /// The user wants something of the tab that sends.
    Do(Command),
}

/// What a user may want of uploads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Command {
    Pause(MediaId),
    Resume(MediaId),
    PauseAll,
    ResumeAll,
}

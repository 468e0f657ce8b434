//! What becomes of a file that is kept here.

use domain::{
    media::{Media, MediaState},
    time::Timestamp,
};

/// How long, in milliseconds, a file is kept whose media item is not known: its list may be on its way here anew.
const UNKNOWN: i64 = 86_400_000;

/// See the module's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// The server waits for it.
    Send,
    /// The server has it, or can't take it now; it may still be asked for.
    Hold,
    /// Nobody needs it here any more.
    LetGo,
}

impl Fate {
    /// The fate of a file that was kept at that time for this media item.
    pub(super) fn of(media: Option<&Media>, kept_at: Timestamp, now: Timestamp) -> Self {
        match media {
            Some(media) if !media.is_live() || media.state == MediaState::Ready => Self::LetGo,
            Some(media) if media.state.wants_file() => Self::Send,
            Some(_) => Self::Hold,
            None if now.0 - kept_at.0 > UNKNOWN => Self::LetGo,
            None => Self::Hold,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::error::Code;

    use super::*;
    use crate::media::example::photo;

    const THEN: Timestamp = Timestamp(1_000);

    #[test]
    fn a_file_is_kept_until_the_server_needs_it_no_more() {
        for (state, fate) in [
            (MediaState::Waiting, Fate::Send),
            (MediaState::Uploading, Fate::Send),
            (MediaState::Processing, Fate::Hold),
            (MediaState::Failed(Code::UploadSize), Fate::Hold),
            (MediaState::Ready, Fate::LetGo),
        ] {
            assert_eq!(Fate::of(Some(&photo(state)), THEN, THEN), fate, "{state:?}");
            let deleted = Media { deleted_at: Some(THEN), ..photo(state) };
            assert_eq!(Fate::of(Some(&deleted), THEN, THEN), Fate::LetGo, "{state:?}, deleted");
        }
    }

    #[test]
    fn a_file_that_nothing_is_known_of_is_kept_for_a_day() {
        assert_eq!(Fate::of(None, THEN, Timestamp(THEN.0 + UNKNOWN)), Fate::Hold);
        assert_eq!(Fate::of(None, THEN, Timestamp(THEN.0 + UNKNOWN + 1)), Fate::LetGo);
    }
}

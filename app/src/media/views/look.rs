//! What a media item looks like just now: a pure answer to what is known of it here and on the server.

use domain::{
    error::Code,
    media::{Format, Media, MediaKind, MediaState, Rendition},
};

use crate::{
    media::uploader::{Phase, Upload, Why, percent},
    words,
};

/// How an item is doing, as its tile says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Status {
    /// Empty where there is nothing to say: it is ready.
    pub(super) text: String,
    /// How far its upload or its processing is, from 0 to 100.
    pub(super) progress: Option<u64>,
    pub(super) mood: Mood,
}

/// What can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mood {
    /// Nothing needs to be done.
    #[default]
    Calm,
    /// It is being sent from here, and can be stopped.
    Sending,
    /// It was stopped.
    Paused,
    /// It failed and can be tried again.
    Failed,
    /// It failed, and trying again does not help.
    Lost,
}

impl Status {
    /// What is said of an item, of its upload and of whether its file is here.
    pub(super) fn of(media: &Media, upload: Option<Upload>, here: bool, online: bool) -> Self {
        let calm = |text: &str| Self { text: text.into(), ..Self::default() };
        match media.state {
            MediaState::Ready => Self::default(),
            MediaState::Processing => match media.progress {
                Some(done) => Self { progress: Some(done.into()), ..calm(&words::ready_at(done)) },
                None => calm(words::MEDIA_PROCESSING),
            },
            MediaState::Failed(code) => {
                let mood = if is_lost(code) { Mood::Lost } else { Mood::Failed };
                Self { text: code.message().into(), progress: None, mood }
            }
            MediaState::Waiting | MediaState::Uploading => match upload {
                Some(upload) => Self::sending(upload, online),
                None if here && online => calm(words::MEDIA_WAITING),
                None if here => calm(words::MEDIA_OFFLINE),
                None => calm(words::MEDIA_ELSEWHERE),
            },
        }
    }

    fn sending(upload: Upload, online: bool) -> Self {
        let done = percent(upload.sent, upload.bytes);
        let (text, mood) = match upload.phase {
            Phase::Sent => (words::MEDIA_PROCESSING.to_owned(), Mood::Calm),
            Phase::Paused => (words::paused_at(done), Mood::Paused),
            Phase::Failed(Why::Refused(code)) => (code.message().to_owned(), Mood::Failed),
            Phase::Failed(Why::Storage) => (words::MEDIA_STORAGE.to_owned(), Mood::Failed),
            Phase::Failed(Why::Gone) => (words::MEDIA_GONE.to_owned(), Mood::Lost),
            _ if !online => (words::MEDIA_OFFLINE.to_owned(), Mood::Sending),
            Phase::Resting(_) => (words::MEDIA_RESTING.to_owned(), Mood::Sending),
            Phase::Waiting => (words::MEDIA_WAITING.to_owned(), Mood::Sending),
            Phase::Sending => (words::percent_done(done), Mood::Sending),
        };
        let runs = matches!(mood, Mood::Sending | Mood::Paused);
        Self { text, progress: runs.then_some(done), mood }
    }
}

/// Whether it is the file that is at fault: the next try would end alike.
const fn is_lost(code: Code) -> bool {
    matches!(
        code,
        Code::MediaType
            | Code::Heic
            | Code::MediaEmpty
            | Code::MediaTooLarge
            | Code::MediaMismatch
            | Code::MediaBroken
            | Code::TooManyPixels
            | Code::TooManyFrames
            | Code::VideoTooLong
    )
}

/// What stands for the item in words.
pub(super) fn name(media: &Media) -> &str {
    if media.caption.is_empty() { &media.name } else { &media.caption }
}

pub(super) const fn kind(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => words::PHOTO,
        MediaKind::Video => words::VIDEO,
    }
}

/// The address of one of a rendition's files.
pub(super) fn address(path: &str, file: &str, query: Option<&str>) -> String {
    match query {
        Some(query) => format!("/media/{path}/{file}?{query}"),
        None => format!("/media/{path}/{file}"),
    }
}

/// The sizes there are in one format, for `srcset`; `None` where there are none.
pub(super) fn sizes_in(rendition: &Rendition, format: Format, query: Option<&str>) -> Option<String> {
    let of_format = rendition.variants.iter().filter(|variant| variant.format == format);
    let all: Vec<_> = of_format
        .map(|variant| {
            format!("{} {}w", address(&rendition.path, &variant.file_name(), query), variant.width)
        })
        .collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// The picture for browsers that choose no size: a middling one in the format that most of them know.
pub(super) fn fallback(rendition: &Rendition, query: Option<&str>) -> Option<String> {
    let rank = |format| match format {
        Format::Jpeg => 0,
        Format::Webp => 1,
        Format::Avif => 2,
    };
    let best = rendition
        .variants
        .iter()
        .min_by_key(|variant| (rank(variant.format), variant.width.abs_diff(960)))?;
    Some(address(&rendition.path, &best.file_name(), query))
}

#[cfg(test)]
mod tests {
    use domain::media::{Rotation, Variant};

    use super::*;
    use crate::media::example::photo;

    fn upload(phase: Phase) -> Option<Upload> {
        Some(Upload { phase, sent: 42, bytes: 100 })
    }

    #[test]
    fn each_state_has_words_and_says_what_can_be_done() {
        let waiting = photo(MediaState::Waiting);
        let of = |upload, here, online| {
            let status = Status::of(&waiting, upload, here, online);
            (status.text, status.progress, status.mood)
        };
        let said = |text: &str, progress, mood| (text.to_owned(), progress, mood);
        assert_eq!(of(upload(Phase::Sending), true, true), said("42 %", Some(42), Mood::Sending));
        assert_eq!(of(upload(Phase::Paused), true, true), said("Paused at 42 %", Some(42), Mood::Paused));
        assert_eq!(
            of(upload(Phase::Sending), true, false),
            said(words::MEDIA_OFFLINE, Some(42), Mood::Sending)
        );
        assert_eq!(of(None, true, true), said(words::MEDIA_WAITING, None, Mood::Calm));
        assert_eq!(of(None, false, true), said(words::MEDIA_ELSEWHERE, None, Mood::Calm));
        let gone = of(upload(Phase::Failed(Why::Gone)), true, true);
        assert_eq!((gone.1, gone.2), (None, Mood::Lost));
        let quota = of(upload(Phase::Failed(Why::Refused(Code::Quota))), true, true);
        assert_eq!(quota, said(Code::Quota.message(), None, Mood::Failed));
    }

    #[test]
    fn what_the_server_says_comes_before_what_was_sent() {
        let status = |state| Status::of(&photo(state), upload(Phase::Sending), true, true);
        assert_eq!(status(MediaState::Ready), Status::default());
        assert_eq!(status(MediaState::Processing).text, words::MEDIA_PROCESSING);
        let halfway = Media { progress: Some(50), ..photo(MediaState::Processing) };
        let status_of = Status::of(&halfway, None, false, true);
        assert_eq!((status_of.text.as_str(), status_of.progress), ("Getting ready, 50 %", Some(50)));
        assert_eq!(status(MediaState::Failed(Code::MediaBroken)).mood, Mood::Lost);
        assert_eq!(status(MediaState::Failed(Code::UploadSize)).mood, Mood::Failed);
    }

    #[test]
    fn sources_name_every_size_with_the_query() {
        let variant = |width, format| Variant { width, height: width, format, bytes: 1 };
        let rendition = Rendition {
            path: "l/t/1".into(),
            rotation: Rotation::None,
            width: 1200,
            height: 1200,
            duration_ms: None,
            placeholder: String::new(),
            variants: vec![
                variant(320, Format::Avif),
                variant(960, Format::Avif),
                variant(320, Format::Webp),
                variant(960, Format::Webp),
            ],
            streams: false,
            plays: false,
            moves: false,
        };
        assert_eq!(
            sizes_in(&rendition, Format::Avif, Some("P=1")).as_deref(),
            Some("/media/l/t/1/320.avif?P=1 320w, /media/l/t/1/960.avif?P=1 960w")
        );
        assert_eq!(sizes_in(&rendition, Format::Jpeg, None), None);
        assert_eq!(fallback(&rendition, None).as_deref(), Some("/media/l/t/1/960.webp"));
    }
}

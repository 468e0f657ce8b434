//! The words of photos and videos.

use super::{count, grouped, short};

pub(crate) const GALLERY: &str = "Photos";
pub(crate) const MEDIA: &str = "Photos and videos";
pub(crate) const ADD_MEDIA: &str = "Add photos or videos";
pub(crate) const PHOTO: &str = "Photo";
pub(crate) const VIDEO: &str = "Video";
pub(crate) const CAPTION: &str = "Caption";
pub(crate) const CAPTION_HINT: &str = "Add a caption";
pub(crate) const TURN: &str = "Turn clockwise";
pub(crate) const MEDIA_TURNED: &str = "Turned";
pub(crate) const PREVIOUS: &str = "Previous";
pub(crate) const NEXT: &str = "Next";
pub(crate) const OPEN_TODO: &str = "Open its todo";
pub(crate) const DELETE_PHOTO: &str = "Delete this photo?";
pub(crate) const DELETE_VIDEO: &str = "Delete this video?";
pub(crate) const DELETE_MEDIA_WHY: &str = "It goes on every device. This can't be undone.";
pub(crate) const DROP_HERE: &str = "Drop to add";
pub(crate) const NOT_ADDED: &str = "Not everything was added";
pub(crate) const NOT_ADDED_WHY: &str = "These files stay where they are:";
pub(crate) const PASTE_WHERE: &str = "Open a todo to paste a photo into it.";

// How far one has come.
pub(crate) const MEDIA_WAITING: &str = "Waiting";
pub(crate) const MEDIA_OFFLINE: &str = "Waits for a connection";
pub(crate) const MEDIA_ELSEWHERE: &str = "Comes from another device";
pub(crate) const MEDIA_PREPARING: &str = "Adding";
pub(crate) const MEDIA_PROCESSING: &str = "Getting ready";
pub(crate) const MEDIA_PAUSED: &str = "Paused";
pub(crate) const MEDIA_RESTING: &str = "Trying again soon";
pub(crate) const MEDIA_GONE: &str =
    "The file is no longer on this device. Delete this and add the file again.";
pub(crate) const MEDIA_STORAGE: &str = "The storage did not take this file.";
pub(crate) const VIDEO_BROKEN: &str = "This video can't be played just now.";

// Uploads.
pub(crate) const UPLOADS: &str = "Uploads";
pub(crate) const PAUSE: &str = "Pause";
pub(crate) const RESUME: &str = "Resume";
pub(crate) const CANCEL_UPLOAD: &str = "Cancel the upload";
pub(crate) const UPLOADS_DONE: &str = "Everything is uploaded";
pub(crate) const MEDIA_NO_ROOM: &str =
    "This device has no room to keep the files until they are uploaded. Leave this tab open until then.";
pub(crate) const MEDIA_NOT_KEPT: &str =
    "This browser keeps no files, as in a private window. Leave this tab open until they are uploaded.";

// Gallery and settings.
pub(crate) const GALLERY_EMPTY: &str = "No photos yet";
pub(crate) const GALLERY_EMPTY_WHY: &str = "Drop a photo or a video on a todo, and it shows up here too.";
pub(crate) const GALLERY_GO: &str = "Go to the lists";
pub(crate) const STORAGE: &str = "Photos and videos";
pub(crate) const QUOTA: &str = "On the server";
pub(crate) const QUOTA_UNKNOWN: &str = "Go online to see how much room is left.";
pub(crate) const CACHE: &str = "On this device";
pub(crate) const CACHE_WHY: &str = "Photos that you have seen are kept for when you are offline.";
pub(crate) const CACHE_LIMIT: &str = "Keep at most";
pub(crate) const CACHE_NONE: &str = "Nothing";
pub(crate) const CLEAR: &str = "Clear";
pub(crate) const CACHE_CLEARED: &str = "Photos kept on this device were cleared";

pub(crate) fn media_added(number: usize) -> String {
    format!("{} added", files(number))
}
pub(crate) fn files(number: usize) -> String {
    count(number, "file", "files")
}
pub(crate) fn media_count(number: usize) -> String {
    count(number, "photo or video", "photos and videos")
}
/// A video is being processed, and so much of that is done.
pub(crate) fn ready_at(percent: u8) -> String {
    format!("{MEDIA_PROCESSING}, {percent} %")
}
pub(crate) fn percent_done(percent: u64) -> String {
    format!("{percent} %")
}
pub(crate) fn paused_at(percent: u64) -> String {
    format!("{MEDIA_PAUSED} at {percent} %")
}
pub(crate) fn uploading(going: usize, percent: u64) -> String {
    format!("Uploading {} · {percent} %", files(going))
}
pub(crate) fn uploads_paused(number: usize) -> String {
    format!("{} paused", count(number, "upload", "uploads"))
}
pub(crate) fn uploads_failed(number: usize) -> String {
    format!("{} did not work", count(number, "upload", "uploads"))
}
pub(crate) fn uploads_waiting(number: usize) -> String {
    format!("{} to upload when you are online", files(number))
}
pub(crate) fn of_count(place: usize, all: usize) -> String {
    format!("{} of {}", grouped(place), grouped(all))
}
pub(crate) fn and_more(number: usize) -> String {
    format!("+{}", grouped(number))
}
pub(crate) fn room_used(used: &str, all: &str) -> String {
    format!("{used} of {all} used")
}
pub(crate) fn kept_here(used: &str) -> String {
    format!("{used} kept")
}
/// What a picture or video is to somebody who does not see it.
pub(crate) fn media_label(kind: &str, what: &str, state: &str) -> String {
    let what = short(what);
    if state.is_empty() { format!("{kind}: {what}") } else { format!("{kind}: {what}. {state}") }
}
/// A number of bytes, as people say it: decimal units, as the systems' own file managers have them.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let (unit, name) = UNITS.into_iter().find(|(unit, _)| bytes >= *unit).unwrap_or((1, "bytes"));
    let tenths = bytes.saturating_mul(10) / unit;
    if tenths < 100 && !tenths.is_multiple_of(10) {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    } else {
        format!("{} {name}", tenths / 10)
    }
}
/// How long a video plays, such as `1:05`.
pub(crate) fn duration(millis: u64) -> String {
    let seconds = (millis + 500) / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_the_largest_unit_that_fits() {
        for (bytes, said) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_500, "1.5 kB"),
            (50_000_000, "50 MB"),
            (4_980_000_000, "4.9 GB"),
            (5_000_000_000, "5 GB"),
        ] {
            assert_eq!(size(bytes), said);
        }
    }

    #[test]
    fn durations_read_like_a_clock() {
        assert_eq!([duration(4_600), duration(65_000), duration(3_600_000)], ["0:05", "1:05", "1:00:00"]);
    }
}

//! Which of the files that a user picked can be added: told before anything begins.

use domain::{
    error::Code,
    limits::{MEDIA_PER_TODO, QUOTA_BYTES},
    media::{MediaKind, kind_of},
};

use super::sniff;

/// How much more can be added to one todo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    places: usize,
    /// Bytes left of the quota. `None` where that is not known here: another user pays for the list, or there is
    /// no connection. The server has the last word.
    bytes: Option<u64>,
}

/// A file that can be added, and as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Admitted {
    pub(super) kind: MediaKind,
    pub(super) content_type: &'static str,
}

impl Room {
    /// The room on a todo with so many media, of a user who has so many bytes.
    pub(super) fn new(on_todo: usize, used: Option<u64>) -> Self {
        Self {
            places: MEDIA_PER_TODO.saturating_sub(on_todo),
            bytes: used.map(|used| QUOTA_BYTES.saturating_sub(used)),
        }
    }

    /// Takes the room for a file of so many bytes that begins with `head`.
    ///
    /// # Errors
    /// Why it can't be added; nothing is taken then.
    pub(super) fn admit(&mut self, bytes: u64, head: &[u8]) -> Result<Admitted, Code> {
        let content_type = sniff::content_type(head)?;
        let kind = kind_of(content_type)?;
        if bytes > kind.max_bytes() {
            return Err(Code::MediaTooLarge);
        }
        let places = self.places.checked_sub(1).ok_or(Code::TooManyMedia)?;
        let left = match self.bytes {
            Some(left) => Some(left.checked_sub(bytes).ok_or(Code::Quota)?),
            None => None,
        };
        (self.places, self.bytes) = (places, left);
        Ok(Admitted { kind, content_type })
    }
}

#[cfg(test)]
mod tests {
    use domain::limits::{IMAGE_BYTES, VIDEO_BYTES};

    use super::*;

    const JPEG: &[u8] = b"\xff\xd8\xff\xe0";
    const VIDEO: &[u8] = b"\0\0\0\x14ftypisom\0\0\0\0mp42";

    #[test]
    fn each_kind_has_its_own_limit() {
        let mut room = Room::new(0, None);
        assert_eq!(room.admit(IMAGE_BYTES, JPEG).unwrap().kind, MediaKind::Image);
        assert_eq!(room.admit(IMAGE_BYTES + 1, JPEG), Err(Code::MediaTooLarge));
        assert_eq!(room.admit(VIDEO_BYTES, VIDEO).unwrap().content_type, "video/mp4");
        assert_eq!(room.admit(VIDEO_BYTES + 1, VIDEO), Err(Code::MediaTooLarge));
    }

    #[test]
    fn what_is_refused_takes_no_room() {
        let mut room = Room::new(MEDIA_PER_TODO - 1, Some(QUOTA_BYTES - 100));
        assert_eq!(room.admit(10, b"MZ"), Err(Code::MediaType));
        assert_eq!(room.admit(101, JPEG), Err(Code::Quota));
        assert!(room.admit(100, JPEG).is_ok());
        assert_eq!(room.admit(0, JPEG), Err(Code::TooManyMedia));
    }

    #[test]
    fn a_todo_that_is_over_full_takes_nothing() {
        assert_eq!(Room::new(MEDIA_PER_TODO + 3, None).admit(1, JPEG), Err(Code::TooManyMedia));
        assert_eq!(Room::new(0, Some(QUOTA_BYTES + 1)).admit(1, JPEG), Err(Code::Quota));
    }
}

//! Stable error codes: what a client may rely on, in every answer of the API.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal: $message:literal),+ $(,)?) => {
        /// Why the server said no. The name never changes; the message may be reworded.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $name)] $variant),+
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// A sentence for people.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message),+ }
            }

            /// The code of this name, if there is one.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.name() == name)
            }
        }
    };
}

codes! {
    /// No valid access token came with the request.
    Unauthenticated = "UNAUTHENTICATED": "Please sign in.",
    /// It does not exist, or the caller may not see it: nobody learns which.
    NotFound = "NOT_FOUND": "This does not exist, or is not shared with you.",
    /// The caller may see it, but not do this to it.
    Forbidden = "FORBIDDEN": "You may look at this list but not change it.",
    /// The input has the wrong shape or a value that is not allowed.
    BadInput = "BAD_INPUT": "Something in this request is not valid.",
    /// A title is empty.
    TitleEmpty = "TITLE_EMPTY": "A title is needed.",
    /// A title is longer than [`crate::limits::TITLE_CHARS`].
    TitleTooLong = "TITLE_TOO_LONG": "This title is too long: 500 characters at most.",
    /// Notes are longer than [`crate::limits::NOTES_CHARS`].
    NotesTooLong = "NOTES_TOO_LONG": "These notes are too long: 20,000 characters at most.",
    /// The user has [`crate::limits::LISTS_PER_USER`] lists.
    TooManyLists = "TOO_MANY_LISTS": "You have 500 lists, which is as many as there can be.",
    /// The list has [`crate::limits::TODOS_PER_LIST`] todos.
    TooManyTodos = "TOO_MANY_TODOS": "This list has 10,000 todos, which is as many as it can hold.",
    /// Something with this id exists already and is another thing.
    AlreadyExists = "ALREADY_EXISTS": "This exists already.",
    /// A subtask can't have subtasks.
    TooDeep = "TOO_DEEP": "A subtask can't have subtasks of its own.",
    /// The inbox can't be deleted.
    InboxStays = "INBOX_STAYS": "The inbox can't be deleted.",
    /// The same mutation id came before with another body.
    MutationReused = "MUTATION_REUSED": "This change was sent before with other contents.",
    /// A batch has no actions or too many.
    BatchSize = "BATCH_SIZE": "A batch holds between 1 and 90 changes.",
    /// The file is of a type that is not one of [`crate::media::ACCEPTED`].
    MediaType = "MEDIA_TYPE": "This type of file can't be added: JPEG, PNG, WebP and GIF pictures and MP4, MOV and WebM videos can.",
    /// The file is an HEIC or HEIF picture, which browsers don't show.
    Heic = "HEIC": "HEIC pictures can't be added. Please save this one as JPEG, or set the camera to the most compatible format.",
    /// The file has nothing in it.
    MediaEmpty = "MEDIA_EMPTY": "This file is empty.",
    /// The file is longer than [`crate::limits::IMAGE_BYTES`] or [`crate::limits::VIDEO_BYTES`].
    MediaTooLarge = "MEDIA_TOO_LARGE": "This file is too large: 50 MB at most for a picture, 2 GB for a video.",
    /// The todo has [`crate::limits::MEDIA_PER_TODO`] media.
    TooManyMedia = "TOO_MANY_MEDIA": "This todo has 50 photos and videos, which is as many as it can hold.",
    /// The list's owner has [`crate::limits::QUOTA_BYTES`] of media, or would with this one.
    Quota = "QUOTA": "There is no room for this file: all photos and videos together can have 5 GB.",
    /// A caption is longer than [`crate::limits::CAPTION_CHARS`].
    CaptionTooLong = "CAPTION_TOO_LONG": "This caption is too long: 500 characters at most.",
    /// The name of a file is longer than [`crate::limits::NAME_CHARS`], or not as [`crate::media::clean_name`] leaves it.
    BadName = "BAD_NAME": "This file's name is too long or has characters that can't be shown.",
    /// The upload is said to be done, but the file is not there whole.
    UploadMissing = "UPLOAD_MISSING": "This file has not arrived yet.",
    /// The file has arrived before, so it can't be sent again.
    UploadDone = "UPLOAD_DONE": "This file has arrived already.",
    /// The file did not arrive in the time that is kept for it.
    UploadExpired = "UPLOAD_EXPIRED": "This file never arrived. It can be sent again from the device that has it.",
    /// What arrived is not as long as was said.
    UploadSize = "UPLOAD_SIZE": "This file did not arrive whole. Please send it again.",
    /// What arrived is not of the type that was said.
    MediaMismatch = "MEDIA_MISMATCH": "This file is not of the type that its name says.",
    /// The file is damaged.
    MediaBroken = "MEDIA_BROKEN": "This file is damaged and can't be shown.",
    /// The picture has more than [`crate::limits::IMAGE_PIXELS`].
    TooManyPixels = "TOO_MANY_PIXELS": "This picture is too large: 100 megapixels at most.",
    /// The animation has more than [`crate::limits::FRAMES`].
    TooManyFrames = "TOO_MANY_FRAMES": "This animation is too long: 1,000 frames at most.",
    /// The video is longer than [`crate::limits::VIDEO_SECONDS`].
    VideoTooLong = "VIDEO_TOO_LONG": "This video is too long: 4 hours at most.",
    /// Processing took more time or memory than it may.
    ProcessingLimit = "PROCESSING_LIMIT": "This file takes too long to process.",
    /// A cursor that this server never gave out.
    BadCursor = "BAD_CURSOR": "This device's place in the list is not valid; it reloads the list.",
    /// The list is being written to by too many at once; the same request may be tried again.
    Busy = "BUSY": "The list is busy. Please try again.",
    /// Too many requests of this kind; the answer says when to try again.
    RateLimited = "RATE_LIMITED": "Too many tries. Please wait a little.",
    /// Not an e-mail address.
    BadEmail = "BAD_EMAIL": "This does not look like an e-mail address.",
    /// The sign-in code is wrong.
    WrongCode = "WRONG_CODE": "This code is not right.",
    /// The sign-in code is too old, was used, or was tried too often.
    ExpiredCode = "EXPIRED_CODE": "This code no longer works. Please ask for a new one.",
    /// The session was ended here or elsewhere.
    SessionEnded = "SESSION_ENDED": "You were signed out. Please sign in again.",
    /// The body is not what the route takes.
    Malformed = "MALFORMED": "This request can't be read.",
    /// The body is larger than the route takes.
    TooLarge = "TOO_LARGE": "This request is too large.",
    /// The GraphQL document is not valid against the schema.
    InvalidQuery = "INVALID_QUERY": "This query is not valid.",
    /// The GraphQL document is deeper, wider or costlier than allowed.
    QueryTooCostly = "QUERY_TOO_COSTLY": "This query asks for too much at once.",
    /// A fault of ours.
    Internal = "INTERNAL": "Something went wrong on our side. Nothing was lost; please try again.",
    /// A part of the service does not answer.
    Unavailable = "UNAVAILABLE": "The service can't be reached just now. Please try again.",
}

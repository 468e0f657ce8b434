//! Every limit that both sides enforce. The client tells before the user loses work; the server has the last word.

/// Characters (Unicode scalar values) in the title of a list or a todo.
pub const TITLE_CHARS: usize = 500;
/// Characters in a todo's notes.
pub const NOTES_CHARS: usize = 20_000;
/// Lists of one user, archived ones included.
pub const LISTS_PER_USER: usize = 500;
/// Todos in one list, subtasks and completed ones included, deleted ones not.
pub const TODOS_PER_LIST: usize = 10_000;
/// Actions in one batch. A storage transaction holds 100 items, and some of those are the list's own.
pub const ACTIONS_PER_BATCH: usize = 90;
/// Bytes of text (titles and notes) in one batch. A storage transaction holds 4 MB.
pub const BYTES_PER_BATCH: usize = 1_000_000;
/// Bytes of text of all the todos that one batch changes, as they are afterwards.
pub const BYTES_PER_TRANSACTION: usize = 3_500_000;
/// Bytes of text after which a page of changes ends early.
pub const BYTES_PER_PAGE: usize = 1_000_000;
/// Todos in one page of changes.
pub const CHANGES_PER_PAGE: usize = 500;
/// Days that tombstones and receipts are kept: how long a device may be offline and still sync by cursor.
pub const HORIZON_DAYS: u32 = 90;
/// Characters in an order key.
pub const ORDER_CHARS: usize = 200;
/// Characters in an e-mail address (RFC 5321, 4.5.3.1.3).
pub const EMAIL_CHARS: usize = 254;
/// Bytes of one request body.
pub const BODY_BYTES: usize = 2_000_000;
/// Bytes of one image file.
pub const IMAGE_BYTES: u64 = 50_000_000;
/// Bytes of one video file.
pub const VIDEO_BYTES: u64 = 2_000_000_000;
/// Bytes of all media in the lists that a user owns; deleted ones not counted.
pub const QUOTA_BYTES: u64 = 5_000_000_000;
/// Media on one todo, deleted ones not counted.
pub const MEDIA_PER_TODO: usize = 50;
/// Characters in the caption of a media item.
pub const CAPTION_CHARS: usize = 500;
/// Characters in the name of a file.
pub const NAME_CHARS: usize = 255;
/// Pixels of one image, or of one frame of an animation.
pub const IMAGE_PIXELS: u64 = 100_000_000;
/// Frames of one animation.
pub const FRAMES: u32 = 1_000;
/// Seconds that a video plays.
pub const VIDEO_SECONDS: u64 = 4 * 60 * 60;
/// Pixels across of the variants of a picture; none is larger than the picture.
pub const VARIANT_WIDTHS: [u32; 3] = [320, 960, 2048];
/// Bytes of a placeholder, as the URL that it is.
pub const PLACEHOLDER_BYTES: usize = 600;
/// Seconds that a signed access to media is good for: how long someone who lost access to a list may still see
/// files whose addresses they have.
pub const ACCESS_SECONDS: u32 = 600;

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

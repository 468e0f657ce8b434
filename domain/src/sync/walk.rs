//! The server's rule for cursors: from where a page is read, and what the next one begins with.

use super::{head::Head, protocol::Cursor};
use crate::{error::Code, model::Version, time::Timestamp};

/// One page's part of the way through a list's changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walk {
    /// The page holds what changed after this version.
    pub since: Version,
    /// It holds nothing that changed after this one, which is the list's own: what is written while the page is
    /// read may be seen in part, so it is left for the next pull.
    pub until: Version,
    /// Whether the replica has to forget what it has.
    pub reset: bool,
    anchor: Version,
}

impl Walk {
    /// Begins or goes on where the cursor says. `head` is read before the changes are.
    ///
    /// # Errors
    /// [`Code::BadCursor`] for one that lies in the future.
    pub fn begin(head: &Head, cursor: Cursor, now: Timestamp) -> Result<Self, Code> {
        let until = head.version;
        if cursor.since > until || cursor.anchor > until {
            return Err(Code::BadCursor);
        }
        let anew = Self { since: 0, until, anchor: until, reset: false };
        if cursor.since == 0 {
            // Who has nothing can't have missed a deletion before this moment.
            return Ok(anew);
        }
        if cursor.anchor < head.horizon.floor(now, until) {
            return Ok(Self { reset: true, ..anew });
        }
        Ok(Self { since: cursor.since, until, anchor: cursor.anchor, reset: false })
    }

    /// The cursor after this page: `last` is the version of its last todo where more pages follow.
    #[must_use]
    pub fn after(&self, last: Option<Version>) -> Cursor {
        match last {
            Some(since) => Cursor { since, anchor: self.anchor },
            None => Cursor { since: self.until, anchor: self.until },
        }
    }
}

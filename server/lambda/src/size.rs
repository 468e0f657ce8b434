//! How large an answer may be, and what is said instead of a larger one. Lambda would turn it into a fault of the
//! function, after all of the work.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>

use std::io;

use serde::Serialize;

/// Bytes of a function's answer.
const ANSWER_BYTES: usize = 6 * 1_024 * 1_024;
/// In words for people.
pub(crate) const TOO_LARGE: &str = "This asks for more at once than can be sent: 6 MB.";

/// Whether Lambda passes the answer on.
pub(crate) fn fits(answer: &impl Serialize) -> bool {
    serde_json::to_writer(Room(ANSWER_BYTES), answer).is_ok()
}

/// Takes so many bytes, and keeps none.
struct Room(usize);

impl io::Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_counts_with_its_quotes_and_escapes() {
        assert!(fits(&"a".repeat(ANSWER_BYTES - 2)));
        assert!(!fits(&"a".repeat(ANSWER_BYTES - 1)));
        assert!(fits(&"\n".repeat(ANSWER_BYTES / 2 - 1)));
        assert!(!fits(&"\n".repeat(ANSWER_BYTES / 2)));
    }
}

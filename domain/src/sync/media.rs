//! The server's rule for batches about media, and for what the server itself finds out about them. Pure, as the
//! rule for todos is, and with the same versions and horizon: media are rows of a list like todos.

mod commit;
mod progress;

pub use commit::{Before, Commit, Needs, commit, needs};
pub use progress::{Event, advance};

//! The rules by which replicas converge: what the server does with a batch ([`commit`]) and what a device
//! does with its edits and with what it hears from the server ([`Replica`]). `docs/sync.md` tells the whole.

mod apply;
mod calendar;
mod commit;
mod head;
mod horizon;
mod journal;
mod layers;
pub mod media;
mod protocol;
mod replica;
mod strips;
mod view;
mod walk;

pub use apply::{Subject, check, subject, text_bytes};
pub use commit::{Before, Commit, commit, needs};
pub use head::Head;
pub use horizon::Horizon;
pub use journal::{Entry, ListRecord, Refusal, Stage, Step, Touched, Write};
pub use protocol::{Cursor, ListHead, Page, Pull, Receipt, Rejected};
pub use replica::{HeadsTicket, ListView, Replica};
pub use strips::GalleryItem;
pub use walk::Walk;

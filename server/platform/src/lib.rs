//! What the server's parts stand on: the table and its typed keys, finding and writing lists, and the ports to
//! mail, to other devices and to the clock, each with the adapter for a single machine.

pub mod blob;
mod caller;
mod clock;
mod email;
#[cfg(feature = "embedded")]
mod embedded;
mod error;
mod expression;
#[cfg(feature = "graphql")]
pub mod graphql;
mod item;
mod key;
pub mod list;
mod poke;
mod rate;
mod remote;
pub mod secret;
mod table;

pub use caller::{CALLER_HEADER, Caller, InvalidCaller};
pub use clock::{Clock, ManualClock, SystemClock};
pub use email::{Mail, MailError, Mailbox, Mailer};
pub use error::{OpenError, StorageError};
pub use expression::Expression;
pub use item::{Item, Value};
pub use key::{Key, Partition, Range};
pub use poke::{LocalPokes, Pokes, Signal};
pub use rate::{Limit, RateError};
pub use remote::{Aws, AwsError, https_client};
pub use table::{BY_VERSION, Meter, TTL, Table, Units, VERSION, Write};

//! The table's keys: every kind of item has one constructor here, so that no other code spells a key.
//! `docs/storage.md` lists the kinds with the questions that each of them answers.

use std::fmt;

use domain::{
    email::Email,
    id::{ListId, MediaId, MutationId, SessionId, TodoId, UserId},
};

/// The partition key's attribute.
pub(crate) const PK: &str = "pk";
/// The sort key's attribute.
pub(crate) const SK: &str = "sk";

/// The primary key of one item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    /// Which user an e-mail address belongs to.
    #[must_use]
    pub fn account(email: &Email) -> Self {
        Self { pk: format!("EMAIL#{email}"), sk: "ACCOUNT".to_owned() }
    }

    /// The sign-in code that was last sent to an address.
    #[must_use]
    pub fn code(email: &Email) -> Self {
        Self { pk: format!("EMAIL#{email}"), sk: "CODE".to_owned() }
    }

    /// The last mail that was kept for an address rather than sent.
    #[must_use]
    pub fn kept_mail(email: &Email) -> Self {
        Self { pk: format!("MAIL#{email}"), sk: "LAST".to_owned() }
    }

    /// A rate counter; `window` is the start of its window in epoch seconds.
    #[must_use]
    pub fn rate(kind: &str, subject: &str, window: i64) -> Self {
        Self { pk: format!("RATE#{kind}#{subject}"), sk: window.to_string() }
    }

    /// A user's profile.
    #[must_use]
    pub fn profile(user: UserId) -> Self {
        Self::under(&Partition::User(user), "PROFILE".to_owned())
    }

    /// A session of a user.
    #[must_use]
    pub fn session(user: UserId, session: SessionId) -> Self {
        Self::under(&Partition::User(user), format!("SESSION#{session}"))
    }

    /// A user's membership of a list, which says the user's role.
    #[must_use]
    pub fn membership(user: UserId, list: ListId) -> Self {
        Self::under(&Partition::User(user), format!("LIST#{list}"))
    }

    /// A list's own fields and its version.
    #[must_use]
    pub fn head(list: ListId) -> Self {
        Self::under(&Partition::List(list), "HEAD".to_owned())
    }

    /// A todo.
    #[must_use]
    pub fn todo(list: ListId, todo: TodoId) -> Self {
        Self::under(&Partition::List(list), format!("TODO#{todo}"))
    }

    /// A photo or a video on a todo.
    #[must_use]
    pub fn media(list: ListId, media: MediaId) -> Self {
        Self::under(&Partition::List(list), format!("MEDIA#{media}"))
    }

    /// Which media are on a todo.
    #[must_use]
    pub fn album(list: ListId, todo: TodoId) -> Self {
        Self::under(&Partition::List(list), format!("ALBUM#{todo}"))
    }

    /// The receipt of a batch.
    #[must_use]
    pub fn receipt(list: ListId, mutation: MutationId) -> Self {
        Self::under(&Partition::List(list), format!("RECEIPT#{mutation}"))
    }

    /// A list's member, the other side of [`Key::membership`].
    #[must_use]
    pub fn member(list: ListId, user: UserId) -> Self {
        Self::under(&Partition::List(list), format!("MEMBER#{user}"))
    }

    /// A deleted list whose items are still to be removed.
    #[must_use]
    pub fn purge_list(list: ListId) -> Self {
        Self::under(&Partition::Purge, format!("LIST#{list}"))
    }

    /// A deleted user whose items are still to be removed.
    #[must_use]
    pub fn purge_user(user: UserId) -> Self {
        Self::under(&Partition::Purge, format!("USER#{user}"))
    }

    /// What is to be done with the file of a media item.
    #[must_use]
    pub fn media_work(list: ListId, media: MediaId) -> Self {
        Self::under(&Partition::Work, format!("MEDIA#{list}#{media}"))
    }

    /// Files that are to be removed; `folder` is the text of their common key.
    #[must_use]
    pub fn blob_work(folder: &str) -> Self {
        Self::under(&Partition::Work, format!("BLOBS#{folder}"))
    }

    /// How far the comparison of files and rows has come, where it is made in steps.
    #[must_use]
    pub fn sweep() -> Self {
        Self::under(&Partition::Work, "SWEEP".to_owned())
    }

    /// A device's connection to the WebSocket API, among its user's; `connection` is the API's name for it.
    #[must_use]
    pub fn socket(user: UserId, connection: &str) -> Self {
        Self::under(&Partition::User(user), format!("SOCKET#{connection}"))
    }

    /// Whose a connection is, the other side of [`Key::socket`].
    #[must_use]
    pub fn connection(connection: &str) -> Self {
        Self { pk: format!("SOCKET#{connection}"), sk: "USER".to_owned() }
    }

    /// The sort key after its last `#`, such as the id of a todo.
    #[must_use]
    pub fn tail(&self) -> &str {
        self.sk.rsplit_once('#').map_or(self.sk.as_str(), |(_, tail)| tail)
    }

    /// The list that the item belongs to, where it is in a list's partition.
    #[must_use]
    pub fn list(&self) -> Option<ListId> {
        self.pk.strip_prefix("LIST#")?.parse().ok()
    }

    /// The user whom the item belongs to, where it is in a user's partition.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        self.pk.strip_prefix("USER#")?.parse().ok()
    }

    /// The kind of the item: the sort key before its first `#`, such as `TODO`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.sk.split_once('#').map_or(self.sk.as_str(), |(kind, _)| kind)
    }

    fn under(partition: &Partition, sk: String) -> Self {
        Self { pk: partition.to_string(), sk }
    }
}

/// Items that share a partition key and can be read in one query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Partition {
    /// What belongs to a user.
    User(UserId),
    /// What belongs to a list.
    List(ListId),
    /// What is to be removed.
    Purge,
    /// What is to be done with files.
    Work,
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "USER#{id}"),
            Self::List(id) => write!(f, "LIST#{id}"),
            Self::Purge => f.write_str("PURGE"),
            Self::Work => f.write_str("WORK"),
        }
    }
}

/// Which items of a partition a query reads, in the order of their sort keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Range {
    /// Every item of the partition.
    All,
    /// A user's sessions.
    Sessions,
    /// The connections of a user's devices.
    Sockets,
    /// A user's memberships, and the lists among the work to purge.
    Lists,
    /// The users among the work to purge.
    Users,
    /// A list's todos.
    Todos,
    /// A list's media, or what is to be done with files of media.
    Media,
    /// Which media are on each todo of a list.
    Albums,
    /// A list's receipts.
    Receipts,
    /// A list's members.
    Members,
    /// Lists' own fields, one item in each list.
    Heads,
    /// Users' profiles, one item of each user.
    Profiles,
}

impl Range {
    /// What the sort keys begin with.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Sessions => "SESSION#",
            Self::Sockets => "SOCKET#",
            Self::Lists => "LIST#",
            Self::Users => "USER#",
            Self::Todos => "TODO#",
            Self::Media => "MEDIA#",
            Self::Albums => "ALBUM#",
            Self::Receipts => "RECEIPT#",
            Self::Members => "MEMBER#",
            Self::Heads => "HEAD",
            Self::Profiles => "PROFILE",
        }
    }
}

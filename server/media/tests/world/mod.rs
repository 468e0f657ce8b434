//! Lists with media on a real table and a real storage, in a folder that outlives both.
#![expect(clippy::unwrap_used, clippy::panic, dead_code, reason = "shared by tests that use parts of it")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::{
    action::{Action, Batch, MediaPatch, NewMedia, Outcome},
    colour::Colour,
    error::Code,
    id::{ListId, MediaId, MutationId, TodoId, UserId},
    media::{Format, Media, MediaKind, MediaState, Rendition, Rotation, Variant},
    model::{List, Role},
    sync::{Head, Receipt},
    time::Timestamp,
};
use media::{
    Medias, Target,
    access::Access,
    process::{Gauge, Job, ProcessError, Processed},
    work::Processor,
};
use platform::{
    Item, Key, LocalPokes, ManualClock, Partition, Range, Table,
    blob::{BlobError, BlobKey, Blobs, Bucket},
    list::{ListError, ListStore, head, head_item, role_item},
};
use tempfile::TempDir;

pub(crate) const NOW: Timestamp = Timestamp(4_000_000_000_000);
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

pub(crate) struct World {
    pub(crate) medias: Medias,
    pub(crate) table: Table,
    pub(crate) blobs: Blobs,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) pokes: LocalPokes,
    pub(crate) folder: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::open(tempfile::tempdir().unwrap(), NOW).await
    }

    async fn open(folder: TempDir, now: Timestamp) -> Self {
        let table = Table::embedded(folder.path()).await.unwrap();
        let blobs = Blobs::embedded(folder.path()).await.unwrap();
        let (clock, pokes) = (Arc::new(ManualClock::at(now)), LocalPokes::default());
        let access = Access::local(&folder.path().join("media-key")).unwrap();
        let medias =
            Medias::new(table.clone(), clock.clone(), Arc::new(pokes.clone()), blobs.clone(), access);
        Self { medias, table, blobs, clock, pokes, folder }
    }

    /// As after a crash: nothing is left but what is on the disk, and some time has passed.
    pub(crate) async fn reopen(self, millis: i64) -> Self {
        let now = Timestamp(platform::Clock::now(&*self.clock).0 + millis);
        self.table.close().await;
        let Self { folder, .. } = self;
        Self::open(folder, now).await
    }

    pub(crate) fn store(&self) -> ListStore {
        ListStore::new(self.table.clone(), self.clock.clone(), Arc::new(self.pokes.clone()))
    }

    pub(crate) async fn user(&self) -> UserId {
        let user = UserId::fresh();
        self.table.put(Item::new(Key::profile(user)), None).await.unwrap();
        user
    }

    /// A list of this user's with a todo in it.
    pub(crate) async fn list(&self, owner: UserId) -> (ListId, TodoId) {
        let id = ListId::fresh();
        let order = "a1".parse().unwrap();
        let (title, colour) = ("Home".to_owned(), Colour::Blue);
        let list = List { id, title, colour, order, archived: false, created_at: NOW };
        let (horizon, todos) = (Default::default(), 1);
        let head = Head { list, version: 1, owner, todos, media_bytes: 0, horizon, deleted: false };
        self.table.put(head_item(&head).unwrap(), None).await.unwrap();
        self.share(id, owner, Role::Owner).await;
        (id, self.todo(id).await)
    }

    pub(crate) async fn todo(&self, list: ListId) -> TodoId {
        let todo = TodoId::fresh();
        self.table.put(Item::new(Key::todo(list, todo)).with("v", 1_u32), None).await.unwrap();
        todo
    }

    pub(crate) async fn share(&self, list: ListId, user: UserId, role: Role) {
        for key in [Key::membership(user, list), Key::member(list, user)] {
            self.table.put(role_item(key, role), None).await.unwrap();
        }
    }

    pub(crate) async fn head(&self, list: ListId) -> Head {
        head(list, &self.table.get(&Key::head(list)).await.unwrap().unwrap()).unwrap()
    }

    pub(crate) async fn commit(
        &self,
        user: UserId,
        list: ListId,
        actions: Vec<Action>,
    ) -> Result<Receipt, Code> {
        let batch = Batch { id: MutationId::fresh(), list, actions };
        self.medias.commit(user, &batch).await.map_err(|error| error.code())
    }

    /// Commits one action and gives what became of it.
    pub(crate) async fn act(&self, user: UserId, list: ListId, action: Action) -> Result<(), Code> {
        match self.commit(user, list, vec![action]).await?.outcomes[..] {
            [Outcome::Applied] => Ok(()),
            [Outcome::Refused(code)] => Err(code),
            _ => panic!("one outcome"),
        }
    }

    /// A picture that waits for its file.
    pub(crate) async fn picture(&self, user: UserId, list: ListId, todo: TodoId) -> MediaId {
        let new = new(todo, 10);
        let id = new.id;
        self.act(user, list, Action::AddMedia(new)).await.unwrap();
        id
    }

    /// The media item as a member of the list reads it.
    pub(crate) async fn media(&self, user: UserId, list: ListId, id: MediaId) -> Media {
        self.medias.media(user, list, &[id]).await.unwrap().pop().unwrap()
    }

    pub(crate) async fn state(&self, user: UserId, list: ListId, id: MediaId) -> MediaState {
        self.media(user, list, id).await.state
    }

    /// Puts these bytes where the form says.
    pub(crate) async fn send(
        &self,
        user: UserId,
        list: ListId,
        id: MediaId,
        bytes: &'static [u8],
    ) -> BlobKey {
        let Target::Form(form) = self.medias.sign_upload(user, list, id).await.unwrap() else {
            panic!("a form")
        };
        let key = &form.fields.iter().find(|(name, _)| *name == "key").unwrap().1;
        let key = BlobKey::parse(key).unwrap();
        self.blobs.put(Bucket::Originals, &key, "image/png", bytes.into()).await.unwrap();
        key
    }

    /// A picture whose file has been sent and confirmed.
    pub(crate) async fn arrived(&self, user: UserId, list: ListId, todo: TodoId) -> (MediaId, BlobKey) {
        let id = self.picture(user, list, todo).await;
        let key = self.send(user, list, id, b"0123456789").await;
        self.medias.confirm(user, list, id).await.unwrap();
        (id, key)
    }

    /// A picture that can be seen.
    pub(crate) async fn ready(&self, user: UserId, list: ListId, todo: TodoId) -> (MediaId, BlobKey) {
        let (id, key) = self.arrived(user, list, todo).await;
        self.medias.work_off(&Fake::new(&self.blobs)).await.unwrap();
        assert_eq!(self.state(user, list, id).await, MediaState::Ready);
        (id, key)
    }

    pub(crate) async fn used(&self, user: UserId) -> u64 {
        self.medias.usage(user).await.unwrap().bytes
    }

    pub(crate) async fn has(&self, bucket: Bucket, key: &str) -> bool {
        match self.blobs.info(bucket, &BlobKey::parse(key).unwrap()).await {
            Ok(_) => true,
            Err(BlobError::NotFound) => false,
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn files(&self) -> usize {
        let mut files = 0;
        for bucket in [Bucket::Originals, Bucket::Variants] {
            files += self.blobs.list(bucket, None).await.unwrap().len();
        }
        files
    }

    /// How many notes of work there are, due or not.
    pub(crate) async fn notes(&self) -> usize {
        self.table.all(Partition::Work, Range::All).await.unwrap().len()
    }
}

pub(crate) fn new(todo: TodoId, bytes: u64) -> NewMedia {
    NewMedia {
        id: MediaId::fresh(),
        todo,
        kind: MediaKind::Image,
        name: "cat.png".to_owned(),
        content_type: "image/png".to_owned(),
        bytes,
        order: "a1".parse().unwrap(),
        created_at: NOW,
    }
}

pub(crate) fn film(todo: TodoId, bytes: u64) -> NewMedia {
    let (name, content_type) = ("cat.mp4".to_owned(), "video/mp4".to_owned());
    NewMedia { kind: MediaKind::Video, name, content_type, ..new(todo, bytes) }
}

pub(crate) fn turn(id: MediaId, rotation: Rotation) -> Action {
    Action::EditMedia { id, patch: MediaPatch { rotation: Some(rotation), ..MediaPatch::default() } }
}

pub(crate) fn caption(id: MediaId, text: &str) -> Action {
    Action::EditMedia { id, patch: MediaPatch { caption: Some(text.to_owned()), ..MediaPatch::default() } }
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, media::MediaError>) -> Code {
    result.unwrap_err().code()
}

pub(crate) fn list_code<T: std::fmt::Debug>(result: Result<T, ListError>) -> Code {
    result.unwrap_err().code()
}

/// What processing comes to in a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Works,
    Unsuitable(Code),
    Breaks,
    /// Shows that so many percent are done, and never ends.
    Hangs(u8),
    /// Somebody else does it, and so many percent are done.
    Elsewhere(u8),
}

/// Makes one small file of whatever it gets.
pub(crate) struct Fake {
    blobs: Blobs,
    pub(crate) fate: Mutex<Fate>,
    pub(crate) jobs: Mutex<Vec<Job>>,
    pub(crate) begun: tokio::sync::Notify,
}

impl Fake {
    pub(crate) fn new(blobs: &Blobs) -> Self {
        Self::with(blobs, Fate::Works)
    }

    pub(crate) fn with(blobs: &Blobs, fate: Fate) -> Self {
        Self {
            blobs: blobs.clone(),
            fate: Mutex::new(fate),
            jobs: Mutex::default(),
            begun: Default::default(),
        }
    }
}

#[async_trait]
impl Processor for Fake {
    async fn process(&self, job: &Job, gauge: &Gauge) -> Result<Processed, ProcessError> {
        let fate = *self.fate.lock().unwrap();
        self.jobs.lock().unwrap().push(job.clone());
        let original = BlobKey::parse(&format!("{}/{}", job.list, job.token)).unwrap();
        self.blobs.info(Bucket::Originals, &original).await.map_err(ProcessError::from)?;
        let path = format!("{}/{}/{}", job.list, job.token, job.generation);
        let file = BlobKey::parse(&format!("{path}/320.webp")).unwrap();
        self.blobs.put(Bucket::Variants, &file, "image/webp", "x".into()).await.unwrap();
        self.begun.notify_one();
        match fate {
            Fate::Works => {}
            Fate::Unsuitable(code) => return Err(ProcessError::Unsuitable(code)),
            Fate::Breaks => return Err(ProcessError::Failed("out of luck".to_owned())),
            Fate::Elsewhere(percent) => {
                gauge.show(percent);
                return Ok(Processed::Elsewhere("job".to_owned()));
            }
            Fate::Hangs(percent) => {
                gauge.show(percent);
                std::future::pending().await
            }
        }
        let variants = vec![Variant { width: 320, height: 200, format: Format::Webp, bytes: 1 }];
        let placeholder = "data:image/webp;base64,AA==".to_owned();
        let (width, height, duration_ms) = (320, 200, None);
        Ok(Processed::Made(Rendition {
            path,
            rotation: job.rotation,
            width,
            height,
            duration_ms,
            placeholder,
            variants,
            streams: false,
            plays: false,
            moves: false,
        }))
    }
}

//! A list with videos on it, the maker over the real table and storage, and the stand-in that converts for it.

use std::sync::Arc;

use ::media::{Medias, Target, access::Access};
use domain::{
    action::{Action, Batch, MediaPatch, NewMedia, Outcome},
    colour::Colour,
    id::{ListId, MediaId, MutationId, TodoId, UserId},
    media::{Media, MediaKind, MediaState, Rotation},
    model::{List, Role},
    sync::Head,
    time::Timestamp,
};
use lambda::{MediaConvert, SocketPokes, functions::Maker};
use platform::{
    Item, Key, LocalPokes, ManualClock, Partition, Range, Table,
    blob::{BlobKey, Blobs, Bucket},
    list::{head, head_item, role_item},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::service::Service;
use crate::{
    service,
    world::{ask, origin},
};

pub(crate) const QUEUE: &str = "arn:aws:mediaconvert:eu-west-1:000000000002:queues/stack-test";
pub(crate) const ROLE: &str = "arn:aws:iam::000000000002:role/conversion";
pub(crate) const MINUTE: i64 = 60_000;
const NOW: Timestamp = Timestamp(4_000_000_000_000);
const FILE: &[u8] =
    b"\0\0\0\x18ftypisom\0\0\0\0isommp41 and so on, for more than is looked at of a file's beginning";

pub(crate) struct Stage {
    pub(crate) service: Service,
    pub(crate) blobs: Blobs,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) list: ListId,
    maker: Maker,
    medias: Medias,
    table: Table,
    owner: UserId,
    todo: TodoId,
    _folder: TempDir,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let table = Table::embedded(folder.path()).await.unwrap();
        let blobs = Blobs::embedded(folder.path()).await.unwrap();
        let access = Access::local(&folder.path().join("media-key")).unwrap();
        let (clock, pokes) = (Arc::new(ManualClock::at(NOW)), Arc::new(LocalPokes::default()));
        let medias = Medias::new(table.clone(), clock.clone(), pokes, blobs.clone(), access);
        let (sockets, _) = service::service(|_, _| (200, String::new()));
        let address = "https://abc.execute-api.eu-west-1.amazonaws.com/ws";
        let pokes = Arc::new(SocketPokes::new(&sockets, address, table.clone()));
        let service = Service::start().await;
        let convert = MediaConvert::new(&service.config(), &blobs, QUEUE.to_owned(), ROLE.to_owned());
        let maker = Maker::over(medias.clone(), blobs.clone(), origin().await, pokes, Some(convert));
        let (owner, list, todo) = (UserId::fresh(), ListId::fresh(), TodoId::fresh());
        let order = "a1".parse().unwrap();
        let (title, colour) = ("Home".to_owned(), Colour::Blue);
        let about = List { id: list, title, colour, order, archived: false, created_at: NOW };
        let (horizon, todos) = (Default::default(), 1);
        let head = Head { list: about, version: 1, owner, todos, media_bytes: 0, horizon, deleted: false };
        for item in [
            Item::new(Key::profile(owner)),
            head_item(&head).unwrap(),
            role_item(Key::membership(owner, list), Role::Owner),
            role_item(Key::member(list, owner), Role::Owner),
            Item::new(Key::todo(list, todo)).with("v", 1_u32),
        ] {
            table.put(item, None).await.unwrap();
        }
        Self { service, blobs, clock, list, maker, medias, table, owner, todo, _folder: folder }
    }

    /// A video whose file has arrived.
    pub(crate) async fn arrived(&self) -> MediaId {
        self.arrived_as(FILE).await
    }

    pub(crate) async fn arrived_as(&self, file: &'static [u8]) -> MediaId {
        let id = MediaId::fresh();
        self.act(Action::AddMedia(NewMedia {
            id,
            todo: self.todo,
            kind: MediaKind::Video,
            name: "cat.mp4".to_owned(),
            content_type: "video/mp4".to_owned(),
            bytes: file.len() as u64,
            order: "a1".parse().unwrap(),
            created_at: NOW,
        }))
        .await;
        let Target::Form(form) = self.medias.sign_upload(self.owner, self.list, id).await.unwrap() else {
            panic!("a form")
        };
        let (_, key) = form.fields.iter().find(|(name, _)| *name == "key").unwrap();
        let key = BlobKey::parse(key).unwrap();
        self.blobs.put(Bucket::Originals, &key, "video/mp4", file.into()).await.unwrap();
        self.medias.confirm(self.owner, self.list, id).await.unwrap();
        id
    }

    /// A video that a job was just ordered for.
    pub(crate) async fn ordered(&self) -> MediaId {
        let id = self.arrived().await;
        self.service.asked();
        assert_eq!(self.works().await, 1);
        assert_eq!(self.service.asked(), ["probe", "create"]);
        id
    }

    pub(crate) async fn act(&self, action: Action) {
        let batch = Batch { id: MutationId::fresh(), list: self.list, actions: vec![action] };
        let receipt = self.medias.commit(self.owner, &batch).await.unwrap();
        assert_eq!(receipt.outcomes, [Outcome::Applied]);
    }

    pub(crate) async fn delete(&self, id: MediaId) {
        self.act(Action::DeleteMedia { id, at: NOW }).await;
    }

    pub(crate) async fn turn(&self, id: MediaId, rotation: Rotation) {
        let patch = MediaPatch { rotation: Some(rotation), ..MediaPatch::default() };
        self.act(Action::EditMedia { id, patch }).await;
    }

    /// Calls the maker as those do who only say that there may be work. Gives how many pieces it did.
    pub(crate) async fn works(&self) -> u64 {
        ask(&self.maker, json!({})).await.as_u64().unwrap()
    }

    /// Calls it some time later.
    pub(crate) async fn works_after(&self, millis: i64) -> u64 {
        self.clock.advance(millis);
        self.works().await
    }

    /// Calls the maker as EventBridge does.
    pub(crate) async fn hears(&self, job: &str, status: &str) -> u64 {
        ask(&self.maker, self.service.event(job, status)).await.as_u64().unwrap()
    }

    pub(crate) async fn is_told(&self, event: Value) -> Value {
        ask(&self.maker, event).await
    }

    pub(crate) async fn media(&self, id: MediaId) -> Media {
        self.medias.media(self.owner, self.list, &[id]).await.unwrap().pop().unwrap()
    }

    pub(crate) async fn state(&self, id: MediaId) -> MediaState {
        self.media(id).await.state
    }

    pub(crate) async fn version(&self) -> u64 {
        let item = self.table.get(&Key::head(self.list)).await.unwrap().unwrap();
        head(self.list, &item).unwrap().version
    }

    pub(crate) async fn read(&self, key: &str) -> String {
        let blob = self.blobs.get(Bucket::Variants, &BlobKey::parse(key).unwrap(), None).await.unwrap();
        String::from_utf8(blob.into_bytes().await.unwrap().to_vec()).unwrap()
    }

    /// The files that were made.
    pub(crate) async fn variants(&self) -> Vec<String> {
        let keys = self.blobs.list(Bucket::Variants, None).await.unwrap();
        keys.iter().map(ToString::to_string).collect()
    }

    /// How many notes of work there are, due or not.
    pub(crate) async fn notes(&self) -> usize {
        self.table.all(Partition::Work, Range::All).await.unwrap().len()
    }
}

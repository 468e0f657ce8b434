//! What a device shows and keeps of photos and videos, one situation a test.
#![expect(clippy::unwrap_used, reason = "tests")]

use domain::{
    action::{Action, Batch, ListPatch, MediaPatch, NewMedia, NewTodo, Outcome},
    colour::Colour,
    error::Code,
    id::{ListId, MediaId, MutationId, TodoId, UserId},
    media::{Media, MediaKind, MediaState, Rendition, Rotation},
    model::{List, Role, Todo, Version},
    order::OrderKey,
    sync::{Cursor, Page, Pull, Receipt, Replica, Write},
    time::Timestamp,
};

const USER: UserId = UserId::from_u128(1);
const LIST: ListId = ListId::from_u128(2);
const NOW: Timestamp = Timestamp(1_000);

fn key(text: &str) -> OrderKey {
    text.parse().unwrap()
}

const fn todo_id(number: u128) -> TodoId {
    TodoId::from_u128(number)
}

const fn id(number: u128) -> MediaId {
    MediaId::from_u128(number)
}

fn create(number: u128) -> Action {
    Action::CreateTodo(NewTodo {
        id: todo_id(number),
        parent: None,
        title: "Pack".to_owned(),
        notes: String::new(),
        done_at: None,
        due: None,
        order: key("a1"),
        created_at: NOW,
    })
}

fn todo(number: u128) -> Todo {
    Todo {
        id: todo_id(number),
        list: LIST,
        parent: None,
        title: "Pack".to_owned(),
        notes: String::new(),
        done_at: None,
        due: None,
        order: key("a1"),
        created_at: NOW,
        deleted_at: None,
    }
}

fn add(number: u128, todo: u128, order: &str) -> Action {
    Action::AddMedia(NewMedia {
        id: id(number),
        todo: todo_id(todo),
        kind: MediaKind::Image,
        name: "beach.jpg".to_owned(),
        content_type: "image/jpeg".to_owned(),
        bytes: 1_000,
        order: key(order),
        created_at: Timestamp(i64::try_from(number).unwrap()),
    })
}

fn media(number: u128, todo: u128, state: MediaState) -> Media {
    let rendition = (state == MediaState::Ready).then(|| Rendition {
        path: "list/token/0".to_owned(),
        rotation: Rotation::None,
        width: 4,
        height: 3,
        duration_ms: None,
        placeholder: String::new(),
        variants: Vec::new(),
        streams: false,
        plays: false,
        moves: false,
    });
    Media {
        id: id(number),
        list: LIST,
        todo: todo_id(todo),
        kind: MediaKind::Image,
        name: "beach.jpg".to_owned(),
        content_type: "image/jpeg".to_owned(),
        bytes: 1_000,
        caption: String::new(),
        order: key("a1"),
        rotation: Rotation::None,
        created_at: Timestamp(i64::try_from(number).unwrap()),
        deleted_at: None,
        state,
        progress: None,
        rendition,
    }
}

fn page(todos: Vec<Todo>, media: Vec<Media>, since: Version) -> Page {
    let (title, colour, order) = ("Home".to_owned(), Colour::Blue, key("a1"));
    let list = List { id: LIST, title, colour, order, archived: false, created_at: NOW };
    let (cursor, role) = (Cursor { since, anchor: since }, Role::Owner);
    Page { list, version: since, role, todos, media, cursor, more: false, reset: false }
}

fn pull(since: Version) -> Pull {
    Pull { list: LIST, cursor: Cursor { since, anchor: since } }
}

fn at(version: Version, todos: Vec<Todo>, media: Vec<Media>) -> Replica {
    let mut replica = Replica::new(USER);
    replica.poke(LIST, version);
    let _ = replica.page(pull(0), page(todos, media, version));
    replica
}

fn seal(replica: &mut Replica) -> Batch {
    replica.seal(MutationId::fresh()).0.unwrap()
}

fn accept(batch: &Batch, version: Version) -> Receipt {
    Receipt { batch: batch.id, list: LIST, version, outcomes: vec![Outcome::Applied; batch.actions.len()] }
}

fn patch(number: u128, patch: MediaPatch) -> Action {
    Action::EditMedia { id: id(number), patch }
}

fn codes(replica: &Replica) -> Vec<Code> {
    replica.refusals().map(|refusal| refusal.code).collect()
}

fn gallery(replica: &Replica) -> Vec<MediaId> {
    replica.gallery().into_iter().map(|item| item.id).collect()
}

#[test]
fn a_batch_ends_where_the_sort_of_change_does() {
    let mut replica = at(1, Vec::new(), Vec::new());
    let _ = replica.act(LIST, vec![create(1), add(1, 1, "a1"), add(2, 1, "a2"), create(2), add(3, 2, "a1")]);
    let mut sent = Vec::new();
    for version in 2..=5 {
        let batch = seal(&mut replica);
        sent.push((batch.is_media(), batch.actions.len()));
        let _ = replica.receipt(&accept(&batch, version));
    }
    assert_eq!(sent, [(false, 1), (true, 2), (false, 1), (true, 1)]);
    assert_eq!(replica.unsaved_count(), 0);
}

#[test]
fn the_media_of_a_todo_that_was_refused_are_refused_and_reported() {
    let mut replica = at(1, Vec::new(), Vec::new());
    let _ = replica.act(LIST, vec![create(1), add(1, 1, "a1")]);
    let first = seal(&mut replica);
    let outcomes = vec![Outcome::Refused(Code::TooManyTodos)];
    let _ = replica.receipt(&Receipt { outcomes, ..accept(&first, 1) });
    let second = seal(&mut replica);
    assert!(second.is_media());
    let outcomes = vec![Outcome::Refused(Code::NotFound)];
    let _ = replica.receipt(&Receipt { outcomes, ..accept(&second, 1) });
    assert_eq!(codes(&replica), [Code::TooManyTodos, Code::NotFound]);
    assert!(replica.media_item(LIST, id(1)).is_none() && replica.media_bytes() == 0);
}

#[test]
fn media_show_in_order_and_in_the_gallery_the_newest_first() {
    let mut replica = at(1, vec![todo(1), todo(2)], vec![media(5, 2, MediaState::Ready)]);
    let step = replica.act(LIST, vec![add(2, 1, "a2"), add(1, 1, "a1")]);
    assert!(step.touched.gallery && step.touched.media_order.contains(&(LIST, todo_id(1))));
    assert!(!step.touched.media_order.contains(&(LIST, todo_id(2))));
    assert_eq!(*replica.media(LIST, todo_id(1)), [id(1), id(2)]);
    assert_eq!(gallery(&replica), [id(5), id(2), id(1)]);
    let _ = replica.act(LIST, vec![patch(1, MediaPatch { order: Some(key("a3")), ..MediaPatch::default() })]);
    assert_eq!(*replica.media(LIST, todo_id(1)), [id(2), id(1)]);
    assert_eq!(replica.media_bytes(), 3_000);
    let again = Replica::load(USER, replica.rows());
    assert_eq!(
        (again.gallery(), again.media(LIST, todo_id(1))),
        (replica.gallery(), replica.media(LIST, todo_id(1)))
    );
}

#[test]
fn a_caption_touches_one_thing() {
    let all = (1..=50).map(|number| media(number, 1, MediaState::Ready)).collect();
    let mut replica = at(1, vec![todo(1)], all);
    let step = replica
        .act(LIST, vec![patch(7, MediaPatch { caption: Some("Sea".to_owned()), ..MediaPatch::default() })]);
    let touched = step.touched;
    assert_eq!((touched.media.len(), touched.media_unsaved.len(), step.writes.len()), (1, 1, 1));
    assert!(touched.todos.is_empty() && touched.unsaved.is_empty() && touched.media_order.is_empty());
    assert!(!touched.gallery && !touched.media_bytes && !touched.today && touched.order.is_empty());
    assert!(replica.is_media_unsaved(LIST, id(7)) && !replica.is_unsaved(LIST, todo_id(1)));
}

#[test]
fn media_come_and_go_with_their_todo() {
    let mut replica = at(1, vec![todo(1)], vec![media(1, 1, MediaState::Ready)]);
    let step = replica.act(LIST, vec![Action::DeleteTodo { id: todo_id(1), at: NOW }]);
    assert!(step.touched.gallery && step.touched.media_order.contains(&(LIST, todo_id(1))));
    assert!(replica.media(LIST, todo_id(1)).is_empty() && gallery(&replica).is_empty());
    // It can be restored, so they still take room.
    assert_eq!(replica.media_bytes(), 1_000);
    let _ = replica.act(LIST, vec![Action::RestoreTodo { id: todo_id(1) }]);
    assert_eq!((*replica.media(LIST, todo_id(1))).clone(), [id(1)]);
    assert_eq!(gallery(&replica), [id(1)]);
}

#[test]
fn media_may_be_heard_of_before_their_todo() {
    let mut replica = Replica::new(USER);
    replica.poke(LIST, 2);
    let cursor = Cursor { since: 1, anchor: 2 };
    let first = Page { cursor, more: true, ..page(Vec::new(), vec![media(1, 1, MediaState::Ready)], 2) };
    let _ = replica.page(pull(0), first);
    assert!(gallery(&replica).is_empty() && replica.media(LIST, todo_id(1)).is_empty());
    let rest = Pull { list: LIST, cursor };
    let step = replica.page(rest, page(vec![todo(1)], Vec::new(), 2));
    assert!(step.touched.gallery && step.touched.media_order.contains(&(LIST, todo_id(1))));
    assert_eq!(gallery(&replica), [id(1)]);
}

#[test]
fn archived_and_deleted_lists_are_not_in_the_gallery() {
    let mut replica = at(1, vec![todo(1)], vec![media(1, 1, MediaState::Ready)]);
    let archive = |archived| Action::EditList(ListPatch { archived: Some(archived), ..ListPatch::default() });
    let step = replica.act(LIST, vec![archive(true)]);
    assert!(step.touched.gallery && gallery(&replica).is_empty());
    assert_eq!(replica.media(LIST, todo_id(1)).len(), 1);
    assert_eq!(replica.media_bytes(), 1_000);
    let _ = replica.act(LIST, vec![archive(false)]);
    assert_eq!(gallery(&replica), [id(1)]);
    let step = replica.act(LIST, vec![Action::DeleteList]);
    assert!(step.touched.gallery && step.touched.media_bytes && step.touched.media.contains(&(LIST, id(1))));
    assert!(gallery(&replica).is_empty() && replica.media_item(LIST, id(1)).is_none());
    assert_eq!(replica.media_bytes(), 0);
}

#[test]
fn a_turned_picture_keeps_its_old_rendition_until_the_new_one_comes() {
    let mut replica = at(1, vec![todo(1)], vec![media(1, 1, MediaState::Ready)]);
    let turn = MediaPatch { rotation: Some(Rotation::Right), ..MediaPatch::default() };
    let _ = replica.act(LIST, vec![patch(1, turn)]);
    let shown = replica.media_item(LIST, id(1)).unwrap();
    assert_eq!((shown.state, shown.rotation), (MediaState::Processing, Rotation::Right));
    assert!(shown.rendition.is_some());
    let batch = seal(&mut replica);
    let _ = replica.receipt(&accept(&batch, 2));
    // The server has turned it before this device heard that the turn was taken.
    let turned = Media { rotation: Rotation::Right, ..media(1, 1, MediaState::Ready) };
    let _ = replica.page(pull(1), page(Vec::new(), vec![turned], 3));
    assert_eq!(replica.media_item(LIST, id(1)).unwrap().state, MediaState::Ready);
}

#[test]
fn a_change_that_the_server_has_made_already_does_not_undo_what_it_did_since() {
    let mut replica = at(1, vec![todo(1)], vec![media(1, 1, MediaState::Failed(Code::MediaBroken))]);
    let _ = replica.act(LIST, vec![Action::RetryMedia { id: id(1) }]);
    assert_eq!(replica.media_item(LIST, id(1)).unwrap().state, MediaState::Processing);
    let _batch = seal(&mut replica);
    // The answer is lost, the effect is not.
    let _ = replica.page(pull(1), page(Vec::new(), vec![media(1, 1, MediaState::Ready)], 3));
    assert_eq!(replica.media_item(LIST, id(1)).unwrap().state, MediaState::Ready);
}

#[test]
fn what_is_known_to_be_refused_never_enters_the_outbox() {
    let mut full: Vec<_> = (1..=50).map(|number| media(number, 1, MediaState::Ready)).collect();
    full.push(Media { deleted_at: Some(NOW), ..media(51, 2, MediaState::Ready) });
    full.push(Media { bytes: 4_999_000_000, ..media(52, 3, MediaState::Ready) });
    let mut replica = at(1, vec![todo(1), todo(2), todo(3)], full);
    let caption = MediaPatch { caption: Some("x".repeat(501)), ..MediaPatch::default() };
    let heic = match add(60, 2, "a1") {
        Action::AddMedia(new) => Action::AddMedia(NewMedia { content_type: "image/heic".to_owned(), ..new }),
        other => other,
    };
    let large = match add(61, 2, "a1") {
        Action::AddMedia(new) => Action::AddMedia(NewMedia { bytes: 1_000_000, ..new }),
        other => other,
    };
    let edit = || MediaPatch { caption: Some("Sea".to_owned()), ..MediaPatch::default() };
    let actions = vec![
        add(62, 1, "a1"),
        add(63, 9, "a1"),
        add(1, 2, "a1"),
        heic,
        large,
        patch(1, caption),
        patch(51, edit()),
        patch(99, edit()),
    ];
    let _ = replica.act(LIST, actions);
    assert_eq!(
        codes(&replica),
        [
            Code::TooManyMedia,
            Code::NotFound,
            Code::AlreadyExists,
            Code::Heic,
            Code::Quota,
            Code::CaptionTooLong,
            Code::NotFound,
            Code::NotFound
        ]
    );
    assert_eq!(replica.unsaved_count(), 0);
}

#[test]
fn a_viewer_changes_nothing() {
    let mut replica = Replica::new(USER);
    replica.poke(LIST, 1);
    let theirs = page(vec![todo(1)], vec![media(1, 1, MediaState::Ready)], 1);
    let _ = replica.page(pull(0), Page { role: Role::Viewer, ..theirs });
    let _ = replica.act(LIST, vec![add(2, 1, "a1"), Action::DeleteMedia { id: id(1), at: NOW }]);
    assert_eq!(codes(&replica), [Code::Forbidden; 2]);
    // Somebody else's list is somebody else's quota.
    assert_eq!((gallery(&replica), replica.media_bytes()), (vec![id(1)], 0));
}

#[test]
fn a_reload_replaces_media_too_and_keeps_the_outbox() {
    let mut replica =
        at(5, vec![todo(1)], vec![media(1, 1, MediaState::Ready), media(2, 1, MediaState::Ready)]);
    let _ = replica.act(LIST, vec![add(3, 1, "a5")]);
    replica.poke(LIST, 90);
    let reset = Page { reset: true, ..page(vec![todo(1)], vec![media(2, 1, MediaState::Processing)], 90) };
    let step = replica.page(pull(5), reset);
    assert_eq!(*replica.media(LIST, todo_id(1)), [id(2), id(3)]);
    assert!(step.touched.media.contains(&(LIST, id(1))) && !step.touched.media.contains(&(LIST, id(3))));
    assert!(step.touched.media_bytes && step.touched.gallery);
    assert!(step.writes.contains(&Write::DropItems(LIST)));
}

#[test]
fn a_reload_in_several_pages_brings_all_media() {
    let mut replica = at(5, vec![todo(1)], vec![media(1, 1, MediaState::Ready)]);
    replica.poke(LIST, 90);
    let cursor = Cursor { since: 80, anchor: 90 };
    let first = page(vec![todo(1)], vec![media(2, 1, MediaState::Ready)], 90);
    let _ = replica.page(pull(5), Page { reset: true, more: true, cursor, ..first });
    assert_eq!(*replica.media(LIST, todo_id(1)), [id(1)]);
    let rest = page(Vec::new(), vec![media(3, 1, MediaState::Ready)], 90);
    let _ = replica.page(Pull { list: LIST, cursor }, rest);
    assert_eq!(*replica.media(LIST, todo_id(1)), [id(2), id(3)]);
}

#[test]
fn media_at_the_same_place_go_by_id() {
    let replica = at(1, vec![todo(1)], [3, 1, 2].map(|number| media(number, 1, MediaState::Ready)).to_vec());
    assert_eq!(*replica.media(LIST, todo_id(1)), [id(1), id(2), id(3)]);
}

//! The server's rule for media: what a batch does to them, and what the server finds out by itself.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;

use domain::{
    action::{Action, Batch, MediaPatch, NewMedia, Outcome, TodoPatch},
    colour::Colour,
    error::Code,
    id::{ListId, MediaId, MutationId, TodoId, UserId},
    limits::{ACTIONS_PER_BATCH, MEDIA_PER_TODO, QUOTA_BYTES},
    media::{Media, MediaKind, MediaState, Rendition, Rotation},
    model::{List, Role},
    sync::{
        Head, Horizon,
        media::{Before, Commit, Event, advance, commit, needs},
    },
    time::Timestamp,
};

const LIST: ListId = ListId::from_u128(2);
const TODO: TodoId = TodoId::from_u128(3);
const NOW: Timestamp = Timestamp(1_000);

fn id(number: u128) -> MediaId {
    MediaId::from_u128(number)
}

fn head() -> Head {
    let list = List {
        id: LIST,
        title: "Home".to_owned(),
        colour: Colour::Blue,
        order: "a1".parse().unwrap(),
        archived: false,
        created_at: NOW,
    };
    let owner = UserId::from_u128(1);
    Head { list, version: 7, owner, todos: 1, media_bytes: 0, horizon: Horizon::default(), deleted: false }
}

fn new(number: u128) -> NewMedia {
    NewMedia {
        id: id(number),
        todo: TODO,
        kind: MediaKind::Image,
        name: "beach.jpg".to_owned(),
        content_type: "image/jpeg".to_owned(),
        bytes: 1_000,
        order: "a1".parse().unwrap(),
        created_at: NOW,
    }
}

fn add(number: u128) -> Action {
    Action::AddMedia(new(number))
}

fn edit(number: u128, patch: MediaPatch) -> Action {
    Action::EditMedia { id: id(number), patch }
}

fn turn(number: u128, rotation: Rotation) -> Action {
    edit(number, MediaPatch { rotation: Some(rotation), ..MediaPatch::default() })
}

fn caption(number: u128, text: &str) -> Action {
    edit(number, MediaPatch { caption: Some(text.to_owned()), ..MediaPatch::default() })
}

fn delete(number: u128) -> Action {
    Action::DeleteMedia { id: id(number), at: NOW }
}

fn before(media: Vec<Media>) -> Before {
    let live = media.iter().filter(|media| media.is_live()).count();
    let bytes_used = media.iter().filter(|media| media.is_live()).map(|media| media.bytes).sum();
    Before {
        role: Some(Role::Editor),
        head: Some(head()),
        media: media.into_iter().map(|media| (media.id, media)).collect(),
        todos: HashMap::from([(TODO, live)]),
        bytes_used,
        now: NOW,
    }
}

fn batch(actions: Vec<Action>) -> Batch {
    Batch { id: MutationId::fresh(), list: LIST, actions }
}

fn run(before: Before, actions: Vec<Action>) -> Commit {
    commit(before, &batch(actions)).unwrap()
}

/// A media item in this state, as the rule itself makes it.
fn media(number: u128, state: MediaState) -> Media {
    let made = run(before(Vec::new()), vec![add(number)]).media.remove(0);
    let rendition = (state == MediaState::Ready).then(|| rendition("old"));
    Media { state, rendition, ..made }
}

fn rendition(path: &str) -> Rendition {
    Rendition {
        path: path.to_owned(),
        rotation: Rotation::None,
        width: 4,
        height: 3,
        duration_ms: None,
        placeholder: String::new(),
        variants: Vec::new(),
        streams: false,
        plays: false,
        moves: false,
    }
}

fn refusals(done: &Commit) -> Vec<Code> {
    let codes = done.outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Refused(code) => Some(*code),
        Outcome::Applied => None,
    });
    codes.collect()
}

#[test]
fn adding_takes_room_and_waits_for_the_file() {
    let done = run(before(Vec::new()), vec![add(1), caption(1, "Sea")]);
    assert_eq!(done.outcomes, [Outcome::Applied; 2]);
    assert_eq!((done.head.version, done.bytes, done.media.len()), (8, 1_000, 1));
    let added = &done.media[0];
    assert_eq!((added.state, added.caption.as_str()), (MediaState::Waiting, "Sea"));
    assert!(done.process.is_empty() && done.removed.is_empty());
}

#[test]
fn adding_again_changes_nothing_and_another_thing_under_the_same_id_is_refused() {
    let there = media(1, MediaState::Ready);
    let other = Action::AddMedia(NewMedia { bytes: 5, ..new(1) });
    let done = run(before(vec![there]), vec![add(1), other]);
    assert_eq!(done.outcomes, [Outcome::Applied, Outcome::Refused(Code::AlreadyExists)]);
    assert_eq!((done.media.len(), done.bytes, done.head.version), (0, 0, 8));
}

#[test]
fn a_file_is_refused_by_what_is_said_about_it() {
    let with = |change: fn(&mut NewMedia)| {
        let mut new = new(1);
        change(&mut new);
        refusals(&run(before(Vec::new()), vec![Action::AddMedia(new)]))
    };
    assert_eq!(with(|new| new.content_type = "image/svg+xml".to_owned()), [Code::MediaType]);
    assert_eq!(with(|new| new.content_type = "text/html".to_owned()), [Code::MediaType]);
    assert_eq!(with(|new| new.content_type = "image/heic".to_owned()), [Code::Heic]);
    assert_eq!(with(|new| new.kind = MediaKind::Video), [Code::MediaType]);
    assert_eq!(with(|new| new.name = "../beach.jpg".to_owned()), [Code::BadName]);
    assert_eq!(with(|new| new.name = "x".repeat(256)), [Code::BadName]);
    assert_eq!(with(|new| new.bytes = 0), [Code::MediaEmpty]);
    assert_eq!(with(|new| new.bytes = 50_000_001), [Code::MediaTooLarge]);
    assert_eq!(with(|new| new.bytes = 50_000_000), []);
    assert_eq!(with(|new| new.todo = TodoId::from_u128(9)), [Code::NotFound]);
}

#[test]
fn a_todo_holds_fifty_and_a_deletion_makes_room_for_one_more() {
    let full: Vec<_> = (1..=50).map(|number| media(number, MediaState::Ready)).collect();
    assert_eq!(full.len(), MEDIA_PER_TODO);
    let done = run(before(full), vec![add(51), delete(7), add(51), add(52)]);
    assert_eq!(refusals(&done), [Code::TooManyMedia; 2]);
    assert_eq!(done.bytes, 0);
}

#[test]
fn the_quota_is_the_owners_and_a_deletion_gives_it_back() {
    let mut full = before(vec![media(1, MediaState::Ready)]);
    full.bytes_used = QUOTA_BYTES - 999;
    let done = run(full.clone(), vec![add(2), delete(1), add(2)]);
    assert_eq!(done.outcomes, [Outcome::Refused(Code::Quota), Outcome::Applied, Outcome::Applied]);
    assert_eq!((done.bytes, done.removed), (0, vec![id(1)]));
    full.bytes_used = QUOTA_BYTES - 1_000;
    assert_eq!(refusals(&run(full, vec![add(2)])), []);
}

#[test]
fn deleting_is_for_good() {
    let done =
        run(before(vec![media(1, MediaState::Ready)]), vec![delete(1), delete(1), caption(1, "lost?")]);
    assert_eq!(done.outcomes, [Outcome::Applied, Outcome::Applied, Outcome::Refused(Code::NotFound)]);
    let gone = done.media[0].clone();
    assert_eq!((gone.is_live(), gone.rendition.is_none(), done.bytes), (false, true, -1_000));
    let retry = Action::RetryMedia { id: id(1) };
    let later = Action::DeleteMedia { id: id(1), at: Timestamp(2_000) };
    let again = run(before(vec![gone]), vec![turn(1, Rotation::Left), retry, later, add(1), delete(9)]);
    assert_eq!(refusals(&again), [Code::NotFound; 3]);
    assert_eq!((again.media.len(), again.bytes, again.removed.len()), (0, 0, 0));
}

#[test]
fn a_turn_of_what_is_ready_is_processed_and_the_old_rendition_stays() {
    let done = run(before(vec![media(1, MediaState::Ready)]), vec![turn(1, Rotation::Right)]);
    let turned = done.media[0].clone();
    assert_eq!((turned.state, turned.rendition.is_some()), (MediaState::Processing, true));
    assert_eq!(done.process, [id(1)]);
    // Once more before it is done: what is under way is of no use any more.
    let done = run(before(vec![turned.clone()]), vec![turn(1, Rotation::Half)]);
    assert_eq!(done.process, [id(1)]);
    assert_eq!(run(before(vec![turned]), vec![turn(1, Rotation::Right)]).process, []);
    let waiting = run(before(vec![media(1, MediaState::Waiting)]), vec![turn(1, Rotation::Right)]);
    assert_eq!((waiting.media[0].state, waiting.process.len()), (MediaState::Waiting, 0));
}

#[test]
fn a_retry_begins_where_the_last_try_failed() {
    let retry = || vec![Action::RetryMedia { id: id(1) }];
    let after = |state| run(before(vec![media(1, state)]), retry());
    let expired = after(MediaState::Failed(Code::UploadExpired));
    assert_eq!((expired.media[0].state, expired.process.len()), (MediaState::Waiting, 0));
    let broken = after(MediaState::Failed(Code::MediaBroken));
    assert_eq!((broken.media[0].state, broken.process), (MediaState::Processing, vec![id(1)]));
    let ready = after(MediaState::Ready);
    assert_eq!((ready.outcomes, ready.media.len()), (vec![Outcome::Applied], 0));
}

#[test]
fn a_batch_is_of_one_sort() {
    let todo = Action::EditTodo { id: TODO, patch: TodoPatch::default() };
    assert_eq!(commit(before(Vec::new()), &batch(vec![add(1), todo.clone()])), Err(Code::BadInput));
    assert_eq!(commit(before(Vec::new()), &batch(Vec::new())), Err(Code::BatchSize));
    let many = (0..=ACTIONS_PER_BATCH).map(|_| delete(1)).collect();
    assert_eq!(commit(before(Vec::new()), &batch(many)), Err(Code::BatchSize));
    let todos = domain::sync::Before {
        caller: UserId::from_u128(1),
        role: Some(Role::Owner),
        head: Some(head()),
        todos: HashMap::new(),
        now: NOW,
    };
    assert_eq!(domain::sync::commit(todos, &batch(vec![todo, add(1)])), Err(Code::BadInput));
    let wanted = needs(&batch(vec![add(1), delete(2)]));
    assert_eq!((wanted.media, wanted.todos), ([id(1), id(2)].into(), [TODO].into()));
}

#[test]
fn who_may_not_write_changes_nothing() {
    let as_a = |role| Before { role, ..before(Vec::new()) };
    let refused = |before| commit(before, &batch(vec![add(1)])).unwrap_err();
    assert_eq!(refused(as_a(None)), Code::NotFound);
    assert_eq!(refused(as_a(Some(Role::Viewer))), Code::Forbidden);
    let deleted = Before { head: Some(Head { deleted: true, ..head() }), ..as_a(Some(Role::Owner)) };
    assert_eq!(refused(deleted), Code::NotFound);
    assert_eq!(refused(Before { head: None, ..as_a(Some(Role::Owner)) }), Code::NotFound);
    assert!(commit(as_a(Some(Role::Editor)), &batch(vec![add(1)])).is_ok());
}

#[test]
fn a_batch_of_which_nothing_is_applied_makes_no_version() {
    let done = run(before(Vec::new()), vec![caption(1, "x")]);
    assert_eq!((done.head, done.outcomes), (head(), vec![Outcome::Refused(Code::NotFound)]));
}

fn happen(media: &Media, event: &Event) -> Option<MediaState> {
    let (head, after) = advance(&head(), media, event, NOW)?;
    assert_eq!(head.version, 8);
    Some(after.state)
}

#[test]
fn a_file_comes_arrives_and_is_ready() {
    let made = Event::Made(rendition("new"));
    let (waiting, uploading) = (media(1, MediaState::Waiting), media(1, MediaState::Uploading));
    assert_eq!(happen(&waiting, &Event::Begun), Some(MediaState::Uploading));
    assert_eq!(happen(&uploading, &Event::Begun), None);
    assert_eq!(happen(&waiting, &Event::Arrived), Some(MediaState::Processing));
    assert_eq!(happen(&uploading, &Event::Arrived), Some(MediaState::Processing));
    assert_eq!(happen(&waiting, &made), None);
    let processing = media(1, MediaState::Processing);
    let (_, ready) = advance(&head(), &processing, &made, NOW).unwrap();
    assert_eq!((ready.state, ready.rendition.clone()), (MediaState::Ready, Some(rendition("new"))));
    // At least once means that it may come again.
    assert_eq!(happen(&ready, &made), None);
    assert_eq!(happen(&ready, &Event::Arrived), None);
    assert_eq!(happen(&ready, &Event::Failed(Code::MediaBroken)), None);
}

#[test]
fn what_was_made_before_a_turn_shows_but_is_not_the_last_word() {
    let processing = Media { rotation: Rotation::Right, ..media(1, MediaState::Processing) };
    let stale = Event::Made(rendition("new"));
    let (_, after) = advance(&head(), &processing, &stale, NOW).unwrap();
    assert_eq!((after.state, after.rendition), (MediaState::Processing, Some(rendition("new"))));
    // Until then every device shows it turned by what it lacks.
    for (rotation, ahead) in Rotation::ALL.into_iter().zip(0..) {
        assert_eq!(Media { rotation, ..media(1, MediaState::Ready) }.turns_ahead(), ahead);
    }
    let half = Some(Rendition { rotation: Rotation::Half, ..rendition("new") });
    assert_eq!(Media { rendition: half, ..processing }.turns_ahead(), 3);
    let ready = Media { rotation: Rotation::Right, ..media(1, MediaState::Ready) };
    assert_eq!(happen(&ready, &stale), None);
}

#[test]
fn a_failure_is_told_unless_it_comes_too_late() {
    let failed = |code| Some(MediaState::Failed(code));
    let (waiting, processing) = (media(1, MediaState::Waiting), media(1, MediaState::Processing));
    assert_eq!(happen(&waiting, &Event::Failed(Code::UploadExpired)), failed(Code::UploadExpired));
    assert_eq!(happen(&processing, &Event::Failed(Code::UploadExpired)), None);
    assert_eq!(happen(&processing, &Event::Failed(Code::MediaBroken)), failed(Code::MediaBroken));
    // One worker gave up, another one did not.
    let made = Event::Made(rendition("new"));
    let given_up = media(1, MediaState::Failed(Code::ProcessingLimit));
    assert_eq!(happen(&given_up, &made), Some(MediaState::Ready));
}

#[test]
fn progress_only_grows_and_ends_with_the_processing() {
    let after = |media: &Media, event| advance(&head(), media, &event, NOW).map(|(_, after)| after);
    let processing = media(1, MediaState::Processing);
    let half = after(&processing, Event::Working(50)).unwrap();
    assert_eq!((half.state, half.progress), (MediaState::Processing, Some(50)));
    // Told again, or by somebody who began later.
    assert_eq!(after(&half, Event::Working(50)), None);
    assert_eq!(after(&half, Event::Working(20)), None);
    assert_eq!(after(&half, Event::Working(255)).unwrap().progress, Some(100));
    for event in [Event::Made(rendition("new")), Event::Failed(Code::MediaBroken)] {
        let ended = after(&half, event).unwrap();
        assert_eq!((ended.state == MediaState::Processing, ended.progress), (false, None));
        assert_eq!(after(&ended, Event::Working(60)), None);
    }
    for action in [turn(1, Rotation::Right), delete(1)] {
        assert_eq!(run(before(vec![half.clone()]), vec![action]).media[0].progress, None);
    }
    assert_eq!(after(&media(1, MediaState::Uploading), Event::Working(1)), None);
}

#[test]
fn nothing_happens_to_what_is_deleted() {
    let gone = run(before(vec![media(1, MediaState::Processing)]), vec![delete(1)]).media.remove(0);
    assert_eq!(advance(&head(), &gone, &Event::Failed(Code::MediaBroken), NOW), None);
    let deleted = Head { deleted: true, ..head() };
    assert_eq!(advance(&deleted, &media(1, MediaState::Waiting), &Event::Arrived, NOW), None);
}

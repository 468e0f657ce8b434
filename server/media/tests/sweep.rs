//! The table and the storage held against each other, at once and in steps, and set right.
#![expect(clippy::unwrap_used, reason = "tests")]

mod world;

use std::cell::Cell;

use domain::{action::Action, error::Code, media::MediaState, sync::Head};
use platform::blob::{BlobKey, Bucket};
use world::{DAY, Fake, HOUR, World};

#[tokio::test]
async fn the_check_finds_what_does_not_match_and_the_sweep_sets_it_right() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let fake = Fake::new(&world.blobs);
    let (fine, fine_key) = world.ready(owner, list, todo).await;
    let (bare, bare_key) = world.ready(owner, list, todo).await;
    let (lost, lost_key) = world.ready(owner, list, todo).await;
    let (shown, shown_key) = world.ready(owner, list, todo).await;
    assert_eq!(world.medias.check().await.unwrap(), []);
    let other = world.todo(list).await;
    let (orphan, _) = world.ready(owner, list, other).await;
    world.table.delete(platform::Key::todo(list, other), None).await.unwrap();
    let parse = |key: &str| BlobKey::parse(key).unwrap();
    let stray = [format!("{list}/{}", "0".repeat(32)), format!("{fine_key}/99")];
    world.blobs.put(Bucket::Originals, &parse(&stray[0]), "image/png", "x".into()).await.unwrap();
    world
        .blobs
        .put(Bucket::Variants, &parse(&format!("{}/1.webp", stray[1])), "image/webp", "x".into())
        .await
        .unwrap();
    world.blobs.delete_below(Bucket::Variants, &bare_key).await.unwrap();
    world.blobs.delete_below(Bucket::Variants, &lost_key).await.unwrap();
    world.blobs.delete(Bucket::Originals, &lost_key).await.unwrap();
    world.blobs.delete(Bucket::Originals, &shown_key).await.unwrap();
    let mut found: Vec<String> =
        world.medias.sweep().await.unwrap().iter().map(ToString::to_string).collect();
    found.sort();
    let mut expected = [
        format!("no row for the original {}", stray[0]),
        format!("no row for the variant {}/1.webp", stray[1]),
        format!("no variants for {bare} in {list}"),
        format!("no files at all for {lost} in {list}"),
        format!("no original for {shown} in {list}; it is still shown"),
        format!("no todo for {orphan} in {list}"),
    ];
    expected.sort();
    assert_eq!(found, expected);
    world.medias.work_off(&fake).await.unwrap();
    let states = [fine, bare, shown, lost].map(|id| world.state(owner, list, id));
    let ready = MediaState::Ready;
    assert_eq!(
        futures::future::join_all(states).await,
        [ready, ready, ready, MediaState::Failed(Code::UploadSize)]
    );
    assert!(!world.media(owner, list, orphan).await.is_live());
    let left: Vec<String> = world.medias.check().await.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(left, [format!("no original for {shown} in {list}; it is still shown")]);
    assert_eq!(world.used(owner).await, 40);
}

#[tokio::test]
async fn counters_that_are_wrong_are_told_and_counted_anew() {
    let world = World::new().await;
    let (owner, friend) = (world.user().await, world.user().await);
    let (list, todo) = world.list(owner).await;
    let (other, on) = world.list(owner).await;
    world.share(list, friend, domain::model::Role::Editor).await;
    world.ready(friend, list, todo).await;
    world.picture(owner, other, on).await;
    assert_eq!(world.medias.check().await.unwrap(), []);
    let set = async |user, bytes: u64| {
        let update = platform::Expression::new("SET #mediaBytes = :to").value("to", bytes);
        world.table.update(platform::Key::profile(user), update, None).await.unwrap();
    };
    let told = async || {
        let found = world.medias.check().await.unwrap();
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    set(owner, 5).await;
    set(friend, 7).await;
    let mut head = world.head(list).await;
    head.media_bytes = 3;
    world.table.put(platform::list::head_item(&head).unwrap(), None).await.unwrap();
    let mut expected = [
        format!("the quota of {owner} counts 5 bytes and there are 20"),
        format!("the quota of {friend} counts 7 bytes and there are 0"),
    ];
    expected.sort();
    let mut found = told().await;
    assert_eq!(found.remove(0), format!("the list {list} counts 3 bytes of media and has 10"));
    found.sort();
    assert_eq!(found, expected);
    world.medias.sweep().await.unwrap();
    assert_eq!(told().await, Vec::<String>::new());
    assert_eq!((world.used(owner).await, world.used(friend).await), (20, 0));
    let healed = world.head(list).await;
    assert_eq!((healed.media_bytes, healed.version), (10, head.version + 1));
    // Neither a deleted list that waits for its removal nor a user without media is wrong.
    head = Head { deleted: true, media_bytes: 0, ..world.head(other).await };
    world.table.put(platform::list::head_item(&head).unwrap(), None).await.unwrap();
    world.table.delete(platform::Key::membership(owner, other), None).await.unwrap();
    set(owner, 10).await;
    world.user().await;
    assert_eq!(told().await, Vec::<String>::new());
}

fn lines(mismatches: &[media::Mismatch]) -> Vec<String> {
    let mut lines: Vec<String> = mismatches.iter().map(ToString::to_string).collect();
    lines.sort();
    lines
}

async fn put(world: &World, bucket: Bucket, key: &str) {
    world.blobs.put(bucket, &BlobKey::parse(key).unwrap(), "image/webp", "x".into()).await.unwrap();
}

#[tokio::test]
async fn a_sweep_in_steps_sets_right_what_a_whole_one_would() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let (fine, fine_key) = world.ready(owner, list, todo).await;
    let (bare, bare_key) = world.ready(owner, list, todo).await;
    world.blobs.delete_below(Bucket::Variants, &bare_key).await.unwrap();
    let other = world.todo(list).await;
    let (orphan, _) = world.ready(owner, list, other).await;
    world.table.delete(platform::Key::todo(list, other), None).await.unwrap();
    let gone = domain::id::ListId::fresh();
    let mut stray = [format!("{fine_key}/99/1.webp"), format!("{gone}/00/1/1.webp")];
    for key in &stray {
        put(&world, Bucket::Variants, key).await;
    }
    put(&world, Bucket::Originals, &format!("{gone}/00")).await;
    let mut head = world.head(list).await;
    head.media_bytes = 3;
    world.table.put(platform::list::head_item(&head).unwrap(), None).await.unwrap();

    let found = lines(&world.medias.sweep_some(|| false).await.unwrap());
    stray.sort();
    let mut expected = vec![
        format!("no row for the variant {}", stray[0]),
        format!("no row for the variant {}", stray[1]),
        format!("no row for the original {gone}/00"),
        format!("no variants for {bare} in {list}"),
        format!("no todo for {orphan} in {list}"),
        format!("the list {list} counts 3 bytes of media and has 30"),
    ];
    expected.sort();
    assert_eq!(found, expected);
    world.medias.work_off(&Fake::new(&world.blobs)).await.unwrap();
    assert_eq!(world.medias.check().await.unwrap(), []);
    assert_eq!(world.state(owner, list, fine).await, MediaState::Ready);
    assert_eq!(world.state(owner, list, bare).await, MediaState::Ready);
    // What was on a todo that is gone for good counts no longer.
    assert_eq!(world.used(owner).await, 20);
}

#[tokio::test]
async fn a_sweep_goes_on_where_it_stopped_and_begins_once_a_day() {
    let world = World::new().await;
    let owner = world.user().await;
    let mut lists = Vec::new();
    for _ in 0..3 {
        let (list, todo) = world.list(owner).await;
        world.ready(owner, list, todo).await;
        put(&world, Bucket::Variants, &format!("{list}/00/1/1.webp")).await;
        lists.push(format!("no row for the variant {list}/00/1/1.webp"));
    }
    lists.sort();
    // One list for each call, in their order.
    for line in &lists {
        let looked = Cell::new(false);
        let found = world.medias.sweep_some(|| looked.replace(true)).await.unwrap();
        assert_eq!(lines(&found), std::slice::from_ref(line));
    }
    let sweep = async || lines(&world.medias.sweep_some(|| false).await.unwrap());
    assert_eq!(sweep().await, [""; 0], "that was the last one");
    let (list, _) = world.list(owner).await;
    put(&world, Bucket::Originals, &format!("{list}/00")).await;
    world.clock.advance(23 * HOUR);
    assert_eq!(sweep().await, [""; 0], "the next round begins a day after this one");
    world.clock.advance(HOUR);
    assert_eq!(sweep().await, [format!("no row for the original {list}/00")]);
    world.clock.advance(DAY);
    assert_eq!(sweep().await, [""; 0]);
}

#[tokio::test]
async fn what_is_noted_to_be_removed_is_left_to_that() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let (id, key) = world.ready(owner, list, todo).await;
    world.act(owner, list, Action::DeleteMedia { id, at: world::NOW }).await.unwrap();
    assert_eq!(world.medias.sweep_some(|| false).await.unwrap(), []);
    assert!(world.has(Bucket::Originals, key.as_str()).await);
    assert_eq!(world.medias.work_off(&Fake::new(&world.blobs)).await.unwrap(), 1);
    assert_eq!(world.files().await, 0);
}

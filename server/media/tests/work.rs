//! From an upload to what is seen: once in the end, however often it is begun, cut short or overtaken.

mod world;

use std::{sync::Arc, time::Duration};

use domain::{
    action::Action,
    error::Code,
    media::{MediaState, Rotation},
};
use media::work::run;
use platform::blob::Bucket;
use world::{DAY, Fake, Fate, HOUR, MINUTE, World, turn};

#[tokio::test]
async fn what_arrived_is_processed_and_told() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let (id, key) = world.arrived(owner, list, todo).await;
    let version = world.head(list).await.version;
    let fake = Fake::new(&world.blobs);
    assert_eq!(world.medias.work_off(&fake).await.unwrap(), 1);
    let media = world.media(owner, list, id).await;
    assert_eq!((media.state, world.head(list).await.version), (MediaState::Ready, version + 1));
    assert_eq!(media.rendition.unwrap().path, format!("{key}/1"));
    assert_eq!((world.medias.work_off(&fake).await.unwrap(), world.notes().await), (0, 0));
    // Turned, it is processed once more, and what was shown stays for a day.
    world.act(owner, list, turn(id, Rotation::Half)).await.unwrap();
    assert_eq!(world.state(owner, list, id).await, MediaState::Processing);
    assert!(world.media(owner, list, id).await.rendition.is_some());
    world.medias.work_off(&fake).await.unwrap();
    assert_eq!(fake.jobs.lock().unwrap()[1].rotation, Rotation::Half);
    assert_eq!(world.media(owner, list, id).await.rendition.unwrap().path, format!("{key}/2"));
    assert!(world.has(Bucket::Variants, &format!("{key}/1/320.webp")).await);
    world.clock.advance(DAY);
    world.medias.work_off(&fake).await.unwrap();
    assert!(!world.has(Bucket::Variants, &format!("{key}/1/320.webp")).await);
    assert!(world.has(Bucket::Variants, &format!("{key}/2/320.webp")).await);
    assert!(world.has(Bucket::Originals, key.as_str()).await);
    // Deleted, nothing of it stays.
    world.act(owner, list, Action::DeleteMedia { id, at: world::NOW }).await.unwrap();
    world.medias.work_off(&fake).await.unwrap();
    assert_eq!((world.files().await, world.notes().await, world.used(owner).await), (0, 0, 0));
}

#[tokio::test]
async fn a_crash_at_any_step_delays_and_loses_nothing() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let id = world.picture(owner, list, todo).await;
    let key = world.send(owner, list, id, b"0123456789").await;
    // After the file came, before it was confirmed.
    let world = world.reopen(0).await;
    world.medias.confirm(owner, list, id).await.unwrap();
    // After it was confirmed, before anybody took the work.
    let world = world.reopen(0).await;
    let work = world.medias.take().await.unwrap().unwrap();
    // After the work was taken: it is nobody else's until the lease has ended.
    let world = world.reopen(30_000).await;
    assert!(world.medias.take().await.unwrap().is_none());
    let world = world.reopen(30_000).await;
    let again = world.medias.take().await.unwrap().unwrap();
    assert_eq!((again.tries, again.subject), (2, work.subject));
    // In the middle of processing, with some of its files written.
    let hangs = Fake::with(&world.blobs, Fate::Hangs(0));
    tokio::select! {
        _ = world.medias.perform(&again, &hangs) => panic!("it hangs"),
        () = hangs.begun.notified() => {}
    }
    assert!(world.has(Bucket::Variants, &format!("{key}/1/320.webp")).await);
    assert_eq!(world.state(owner, list, id).await, MediaState::Processing);
    let world = world.reopen(MINUTE).await;
    assert_eq!(world.medias.work_off(&Fake::new(&world.blobs)).await.unwrap(), 1);
    assert_eq!(world.state(owner, list, id).await, MediaState::Ready);
    // Nothing is left over, and nothing is twice.
    let world = world.reopen(HOUR).await;
    assert_eq!((world.files().await, world.notes().await), (2, 0));
    assert_eq!(world.medias.check().await.unwrap(), []);
}

#[tokio::test]
async fn whoever_lost_the_lease_changes_nothing_any_more() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let (id, key) = world.arrived(owner, list, todo).await;
    let slow = world.medias.take().await.unwrap().unwrap();
    world.clock.advance(MINUTE);
    let quick = world.medias.take().await.unwrap().unwrap();
    let fake = Fake::new(&world.blobs);
    world.medias.perform(&quick, &fake).await.unwrap();
    let version = world.head(list).await.version;
    let late = Fake::with(&world.blobs, Fate::Unsuitable(Code::MediaBroken));
    world.medias.perform(&slow, &late).await.unwrap();
    assert!(late.jobs.lock().unwrap().is_empty());
    assert_eq!(
        (world.state(owner, list, id).await, world.head(list).await.version),
        (MediaState::Ready, version)
    );
    assert!(world.has(Bucket::Variants, &format!("{key}/1/320.webp")).await);
}

#[tokio::test]
async fn how_far_it_is_is_told_while_it_goes_on() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let (id, _) = world.arrived(owner, list, todo).await;
    let mut pokes = world.pokes.subscribe();
    let version = world.head(list).await.version;
    let (work, hangs) =
        (world.medias.take().await.unwrap().unwrap(), Fake::with(&world.blobs, Fate::Hangs(40)));
    tokio::select! {
        _ = world.medias.perform(&work, &hangs) => panic!("it hangs"),
        signal = pokes.recv() => assert!(signal.is_ok()),
    }
    let media = world.media(owner, list, id).await;
    assert_eq!((media.state, media.progress), (MediaState::Processing, Some(40)));
    assert_eq!(world.head(list).await.version, version + 1);
    // Turned, it is other work that counts: this one tells nothing any more.
    world.act(owner, list, turn(id, Rotation::Right)).await.unwrap();
    let turned = world.head(list).await.version;
    let elsewhere = |percent| Fake::with(&world.blobs, Fate::Elsewhere(percent));
    world.medias.perform(&work, &elsewhere(60)).await.unwrap();
    assert_eq!((world.media(owner, list, id).await.progress, world.head(list).await.version), (None, turned));
    // What is done elsewhere is told each time that somebody has looked.
    for percent in [0, 70] {
        world.medias.work_off(&elsewhere(percent)).await.unwrap();
        assert_eq!(world.media(owner, list, id).await.progress, (percent > 0).then_some(percent));
        world.clock.advance(HOUR);
    }
    // What is ready has no progress.
    world.medias.work_off(&Fake::new(&world.blobs)).await.unwrap();
    let media = world.media(owner, list, id).await;
    assert_eq!((media.state, media.progress), (MediaState::Ready, None));
}

#[tokio::test]
async fn turned_or_deleted_while_it_is_processed() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let (id, key) = world.arrived(owner, list, todo).await;
    let fake = Fake::new(&world.blobs);
    let work = world.medias.take().await.unwrap().unwrap();
    let overtaken = async |action| {
        let hangs = Fake::with(&world.blobs, Fate::Hangs(0));
        let work = world.medias.take().await.unwrap().unwrap();
        tokio::select! {
            _ = world.medias.perform(&work, &hangs) => panic!("it hangs"),
            () = hangs.begun.notified() => {}
        }
        world.act(owner, list, action).await.unwrap();
        work
    };
    // Turned between taking and writing: what was made is shown, and made once more.
    world.act(owner, list, turn(id, Rotation::Right)).await.unwrap();
    world.medias.perform(&work, &fake).await.unwrap();
    assert_eq!(world.state(owner, list, id).await, MediaState::Ready);
    assert_eq!(world.media(owner, list, id).await.rendition.unwrap().path, format!("{key}/2"));
    world.medias.work_off(&fake).await.unwrap();
    world.act(owner, list, turn(id, Rotation::Left)).await.unwrap();
    let stale = overtaken(Action::DeleteMedia { id, at: world::NOW }).await;
    // Its files went; what the late worker makes goes too.
    world.medias.work_off(&fake).await.unwrap();
    world.medias.perform(&stale, &fake).await.unwrap();
    world.clock.advance(DAY);
    world.medias.work_off(&fake).await.unwrap();
    assert_eq!((world.files().await, world.notes().await), (0, 0));
    assert!(!world.media(owner, list, id).await.is_live());
}

#[tokio::test]
async fn what_cant_be_shown_is_told_and_what_broke_off_is_tried_again() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let (id, key) = world.arrived(owner, list, todo).await;
    let fake = Fake::with(&world.blobs, Fate::Unsuitable(Code::MediaBroken));
    world.medias.work_off(&fake).await.unwrap();
    assert_eq!(world.state(owner, list, id).await, MediaState::Failed(Code::MediaBroken));
    world.act(owner, list, Action::RetryMedia { id }).await.unwrap();
    *fake.fate.lock().unwrap() = Fate::Breaks;
    // Each time it waits longer; the sixth time it is given up.
    for tries in 1..=5 {
        assert_eq!(world.medias.work_off(&fake).await.unwrap(), 1, "try {tries}");
        assert_eq!(world.state(owner, list, id).await, MediaState::Processing);
        world.clock.advance(HOUR);
    }
    world.medias.work_off(&fake).await.unwrap();
    assert_eq!(world.state(owner, list, id).await, MediaState::Failed(Code::ProcessingLimit));
    assert_eq!(world.notes().await, 0);
    // Without its original it has to be sent again.
    world.blobs.delete(Bucket::Originals, &key).await.unwrap();
    world.act(owner, list, Action::RetryMedia { id }).await.unwrap();
    *fake.fate.lock().unwrap() = Fate::Works;
    world.medias.work_off(&fake).await.unwrap();
    assert_eq!(world.state(owner, list, id).await, MediaState::Failed(Code::UploadSize));
    world.act(owner, list, Action::RetryMedia { id }).await.unwrap();
    assert_eq!(world.state(owner, list, id).await, MediaState::Waiting);
    world.medias.work_off(&fake).await.unwrap();
    world.send(owner, list, id, b"0123456789").await;
    world.medias.confirm(owner, list, id).await.unwrap();
    world.medias.work_off(&fake).await.unwrap();
    assert_eq!(world.state(owner, list, id).await, MediaState::Ready);
    assert_eq!(world.medias.check().await.unwrap(), []);
}

#[tokio::test]
async fn the_worker_wakes_by_itself_and_puts_back_what_it_can_not_finish() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let fake = Arc::new(Fake::with(&world.blobs, Fate::Hangs(0)));
    let running = tokio::spawn(run(world.medias.clone(), fake.clone(), async { drop(stopped.await) }));
    world.arrived(owner, list, todo).await;
    tokio::time::timeout(Duration::from_secs(20), fake.begun.notified()).await.unwrap();
    assert!(world.medias.take().await.unwrap().is_none(), "it is taken");
    drop(stop);
    running.await.unwrap();
    assert_eq!(
        world.medias.take().await.unwrap().unwrap().tries,
        2,
        "at once, without waiting for the lease"
    );
}

//! Sending a file: who may, how often, in one piece and in parts, and what arrives wrong or never.
#![expect(clippy::unwrap_used, reason = "tests")]

mod world;

use domain::{
    action::Action,
    error::Code,
    id::{ListId, MediaId},
    media::MediaState,
    model::Role,
};
use http::Request;
use media::{PART_BYTES, Target};
use platform::blob::{Bucket, SignedPart};
use world::{DAY, Fake, HOUR, World, code, film, new};

/// Bytes of a film that takes four parts.
const FILM: u64 = 3 * PART_BYTES + 5_000_000;

async fn put(world: &World, part: &SignedPart, bytes: usize) -> u16 {
    let request = Request::put(&part.url).header("content-length", bytes);
    let answer = world.blobs.answer(request.body(s3s::Body::from(vec![7; bytes])).unwrap()).await.unwrap();
    answer.status().as_u16()
}

#[tokio::test]
async fn a_picture_is_sent_once_and_confirmed_any_number_of_times() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let id = world.picture(owner, list, todo).await;
    assert_eq!(code(world.medias.confirm(owner, list, id).await), Code::UploadMissing);
    let target = world.medias.sign_upload(owner, list, id).await.unwrap();
    let Target::Form(form) = &target else { panic!("a form") };
    assert!(form.fields.contains(&("Content-Type", "image/png".to_owned())));
    assert_eq!(world.state(owner, list, id).await, MediaState::Uploading);
    assert_eq!(code(world.medias.confirm(owner, list, id).await), Code::UploadMissing);
    // Asked again, it is the same place, and nothing moves.
    let version = world.head(list).await.version;
    let key = world.send(owner, list, id, b"0123456789").await;
    assert_eq!(form.fields[0].1, key.to_string());
    assert_eq!(world.head(list).await.version, version);
    assert!(key.as_str().starts_with(&format!("{list}/")) && key.as_str().len() == 36 + 1 + 32, "{key}");
    let first = world.medias.confirm(owner, list, id).await.unwrap();
    assert_eq!(first.state, MediaState::Processing);
    let version = world.head(list).await.version;
    assert_eq!(world.medias.confirm(owner, list, id).await.unwrap(), first);
    assert_eq!(world.head(list).await.version, version);
    assert_eq!(code(world.medias.sign_upload(owner, list, id).await), Code::UploadDone);
    assert_eq!(code(world.medias.sign_parts(owner, list, id, &[1]).await), Code::UploadDone);
}

#[tokio::test]
async fn nobody_else_sends_confirms_or_looks() {
    let world = World::new().await;
    let (owner, viewer, editor, stranger) =
        (world.user().await, world.user().await, world.user().await, world.user().await);
    let (list, todo) = world.list(owner).await;
    let (others, _) = world.list(stranger).await;
    world.share(list, viewer, Role::Viewer).await;
    world.share(list, editor, Role::Editor).await;
    let id = world.picture(owner, list, todo).await;
    let medias = &world.medias;
    let refused = async |user, list, id| {
        [
            code(medias.sign_upload(user, list, id).await),
            code(medias.sign_parts(user, list, id, &[1]).await),
            code(medias.uploaded_parts(user, list, id).await),
            code(medias.confirm(user, list, id).await),
        ]
    };
    assert_eq!(refused(stranger, list, id).await, [Code::NotFound; 4]);
    assert_eq!(refused(stranger, others, id).await, [Code::NotFound; 4]);
    assert_eq!(refused(stranger, ListId::fresh(), id).await, [Code::NotFound; 4]);
    assert_eq!(refused(viewer, list, id).await, [Code::Forbidden; 4]);
    assert_eq!(refused(editor, list, MediaId::fresh()).await, [Code::NotFound; 4]);
    assert_eq!((world.head(list).await.version, world.files().await), (2, 0));
    world.send(editor, list, id, b"0123456789").await;
    medias.confirm(editor, list, id).await.unwrap();
    // What is deleted takes no file.
    world.act(owner, list, Action::DeleteMedia { id, at: world::NOW }).await.unwrap();
    assert_eq!(refused(owner, list, id).await, [Code::NotFound; 4]);
}

#[tokio::test]
async fn a_file_of_another_length_is_thrown_away_and_can_be_sent_again() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let id = world.picture(owner, list, todo).await;
    let key = world.send(owner, list, id, b"too short").await;
    assert_eq!(code(world.medias.confirm(owner, list, id).await), Code::UploadSize);
    assert_eq!(world.state(owner, list, id).await, MediaState::Failed(Code::UploadSize));
    assert_eq!(code(world.medias.confirm(owner, list, id).await), Code::UploadSize);
    assert_eq!(code(world.medias.sign_upload(owner, list, id).await), Code::UploadSize);
    world.medias.work_off(&Fake::new(&world.blobs)).await.unwrap();
    assert_eq!(world.files().await, 0);
    world.act(owner, list, Action::RetryMedia { id }).await.unwrap();
    assert_eq!(world.state(owner, list, id).await, MediaState::Waiting);
    let again = world.send(owner, list, id, b"0123456789").await;
    assert_ne!(again, key, "the next file has a place of its own");
    world.medias.confirm(owner, list, id).await.unwrap();
}

#[tokio::test]
async fn a_film_arrives_in_parts_across_a_crash() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let new = film(todo, FILM);
    let id = new.id;
    world.act(owner, list, Action::AddMedia(new)).await.unwrap();
    let target = world.medias.sign_upload(owner, list, id).await.unwrap();
    let Target::Parts { count: 4, .. } = target else { panic!("{target:?}") };
    for wrong in [vec![0], vec![5], vec![1; 101]] {
        assert_eq!(code(world.medias.sign_parts(owner, list, id, &wrong).await), Code::BadInput);
    }
    let part = usize::try_from(PART_BYTES).unwrap();
    let parts = world.medias.sign_parts(owner, list, id, &[2, 1]).await.unwrap();
    assert_eq!(parts.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2, 1]);
    assert_ne!(put(&world, &parts[0].1, part - 1).await, 200, "the length is part of what is signed");
    for (_, address) in &parts {
        assert_eq!(put(&world, address, part).await, 200);
    }
    // A day later, in another process.
    let world = world.reopen(DAY).await;
    world.medias.work_off(&Fake::new(&world.blobs)).await.unwrap();
    let there = world.medias.uploaded_parts(owner, list, id).await.unwrap();
    assert_eq!(
        there.iter().map(|part| (part.number, part.bytes)).collect::<Vec<_>>(),
        [(1, PART_BYTES), (2, PART_BYTES)]
    );
    assert_eq!(code(world.medias.confirm(owner, list, id).await), Code::UploadMissing);
    let parts = world.medias.sign_parts(owner, list, id, &[3, 4]).await.unwrap();
    assert_eq!(put(&world, &parts[0].1, part).await, 200);
    assert_eq!(put(&world, &parts[1].1, 5_000_000).await, 200);
    assert_eq!(world.medias.confirm(owner, list, id).await.unwrap().state, MediaState::Processing);
    assert_eq!(world.blobs.uploads().await.unwrap(), []);
    assert_eq!(code(world.medias.uploaded_parts(owner, list, id).await), Code::UploadDone);
}

#[tokio::test]
async fn parts_put_together_before_a_crash_are_found() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let new = film(todo, FILM);
    let id = new.id;
    world.act(owner, list, Action::AddMedia(new)).await.unwrap();
    world.medias.sign_upload(owner, list, id).await.unwrap();
    let parts = world.medias.sign_parts(owner, list, id, &[1, 2, 3, 4]).await.unwrap();
    for (number, address) in &parts {
        let bytes = if *number == 4 { 5_000_000 } else { PART_BYTES };
        assert_eq!(put(&world, address, usize::try_from(bytes).unwrap()).await, 200);
    }
    // As if confirming had ended between the storage and the table.
    let upload = world.blobs.uploads().await.unwrap().remove(0);
    let key = platform::blob::BlobKey::parse(&upload.key).unwrap();
    let arrived = world.blobs.parts(&key, &upload.id).await.unwrap();
    world.blobs.complete_upload(&key, &upload.id, &arrived).await.unwrap();
    let world = world.reopen(0).await;
    assert_eq!(world.state(owner, list, id).await, MediaState::Uploading);
    assert_eq!(world.medias.confirm(owner, list, id).await.unwrap().state, MediaState::Processing);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_devices_that_begin_at_once_share_one_upload() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let new = film(todo, FILM);
    let id = new.id;
    world.act(owner, list, Action::AddMedia(new)).await.unwrap();
    let begin = || {
        let medias = world.medias.clone();
        tokio::spawn(async move { medias.sign_upload(owner, list, id).await.unwrap() })
    };
    let (one, two) = (begin(), begin());
    let (one, two) = (one.await.unwrap(), two.await.unwrap());
    assert_eq!(one, two);
    assert_eq!(world.blobs.uploads().await.unwrap().len(), 1);
    // And both may confirm a picture at once.
    let id = world.picture(owner, list, todo).await;
    world.send(owner, list, id, b"0123456789").await;
    let (one, two) =
        tokio::join!(world.medias.confirm(owner, list, id), world.medias.confirm(owner, list, id));
    assert_eq!((one.unwrap().state, two.unwrap().state), (MediaState::Processing, MediaState::Processing));
}

#[tokio::test]
async fn what_never_comes_is_given_up_and_what_came_unsaid_is_taken() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let never = world.picture(owner, list, todo).await;
    world.medias.sign_upload(owner, list, never).await.unwrap();
    let unsaid = world.picture(owner, list, todo).await;
    world.send(owner, list, unsaid, b"0123456789").await;
    let new = film(todo, FILM);
    let begun = new.id;
    world.act(owner, list, Action::AddMedia(new)).await.unwrap();
    world.medias.sign_upload(owner, list, begun).await.unwrap();
    let waiting = world.picture(owner, list, todo).await;
    world.clock.advance(47 * HOUR);
    assert_eq!(world.medias.work_off(&Fake::new(&world.blobs)).await.unwrap(), 0);
    world.clock.advance(HOUR);
    world.medias.work_off(&Fake::new(&world.blobs)).await.unwrap();
    let states = [never, unsaid, begun, waiting].map(|id| world.state(owner, list, id));
    let expired = MediaState::Failed(Code::UploadExpired);
    assert_eq!(
        futures::future::join_all(states).await,
        [expired, MediaState::Ready, expired, MediaState::Waiting]
    );
    assert_eq!((world.blobs.uploads().await.unwrap().len(), world.notes().await), (0, 0));
    world.act(owner, list, Action::RetryMedia { id: begun }).await.unwrap();
    let target = world.medias.sign_upload(owner, list, begun).await.unwrap();
    assert!(matches!(target, Target::Parts { .. }));
    assert_eq!(world.medias.uploaded_parts(owner, list, begun).await.unwrap(), []);
}

#[tokio::test]
async fn an_upload_that_the_storage_has_lost_is_told() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let id = new(todo, 1).id;
    world
        .act(owner, list, Action::AddMedia(domain::action::NewMedia { id, ..film(todo, FILM) }))
        .await
        .unwrap();
    world.medias.sign_upload(owner, list, id).await.unwrap();
    let upload = world.blobs.uploads().await.unwrap().remove(0);
    let key = platform::blob::BlobKey::parse(&upload.key).unwrap();
    world.blobs.abort_upload(&key, &upload.id).await.unwrap();
    assert_eq!(code(world.medias.uploaded_parts(owner, list, id).await), Code::UploadExpired);
    assert_eq!(world.state(owner, list, id).await, MediaState::Failed(Code::UploadExpired));
    assert!(!world.has(Bucket::Originals, key.as_str()).await);
}

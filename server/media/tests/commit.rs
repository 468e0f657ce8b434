//! Batches of media actions: who may do what, what they do, what a retry does, and the room there is.

mod world;

use domain::{
    action::{Action, Batch, Outcome},
    error::Code,
    id::{ListId, MutationId, TodoId},
    limits::{MEDIA_PER_TODO, QUOTA_BYTES, VIDEO_BYTES},
    media::{MediaState, Rotation},
    model::Role,
};
use media::purge_list;
use platform::{Expression, Key, Partition, Range, Signal};
use world::{World, caption, film, list_code, new, turn};

#[tokio::test]
async fn every_action_takes_effect_and_is_told() {
    let world = World::new().await;
    let (owner, friend) = (world.user().await, world.user().await);
    let (list, todo) = world.list(owner).await;
    world.share(list, friend, Role::Editor).await;
    let mut heard = world.pokes.subscribe();
    let id = world.picture(friend, list, todo).await;
    let mut told = Vec::new();
    while let Ok(Signal::Moved { user, version, .. }) = heard.try_recv() {
        told.push((user, version));
    }
    told.sort_unstable();
    assert_eq!(told, [(owner, 2), (friend, 2)]);
    let media = world.media(owner, list, id).await;
    assert_eq!((media.state, media.bytes, media.name.as_str()), (MediaState::Waiting, 10, "cat.png"));
    // The owner pays, whoever adds.
    assert_eq!((world.used(owner).await, world.used(friend).await), (10, 0));
    world.act(owner, list, caption(id, "Minka")).await.unwrap();
    assert_eq!(world.media(owner, list, id).await.caption, "Minka");
    let second = world.picture(owner, list, todo).await;
    let shown = world.medias.of_todos(owner, list, &[todo]).await.unwrap();
    assert_eq!(shown.iter().map(|media| media.id).collect::<Vec<_>>(), [id, second]);
    world.act(owner, list, Action::DeleteMedia { id, at: world::NOW }).await.unwrap();
    assert_eq!(world.used(owner).await, 10);
    let shown = world.medias.of_todos(owner, list, &[todo]).await.unwrap();
    assert_eq!(shown.iter().map(|media| media.id).collect::<Vec<_>>(), [second]);
    // The tombstone is still read, since replicas must hear of it; and the walk by version gives both kinds.
    assert!(!world.media(owner, list, id).await.is_live());
    assert_eq!(world.head(list).await.version, 5);
    let (rows, _) = world.table.changes(Partition::List(list), 1, 100).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.key().kind()).collect::<Vec<_>>(), ["MEDIA", "MEDIA"]);
}

#[tokio::test]
async fn strangers_find_nothing_and_viewers_change_nothing() {
    let world = World::new().await;
    let (owner, viewer, stranger) = (world.user().await, world.user().await, world.user().await);
    let (list, todo) = world.list(owner).await;
    let (others, _) = world.list(stranger).await;
    world.share(list, viewer, Role::Viewer).await;
    let id = world.picture(owner, list, todo).await;
    let actions = || {
        [
            Action::AddMedia(new(todo, 5)),
            caption(id, "x"),
            turn(id, Rotation::Right),
            Action::DeleteMedia { id, at: world::NOW },
            Action::RetryMedia { id },
        ]
    };
    for action in actions() {
        assert_eq!(world.commit(stranger, list, vec![action.clone()]).await, Err(Code::NotFound));
        assert_eq!(world.commit(stranger, ListId::fresh(), vec![action.clone()]).await, Err(Code::NotFound));
        assert_eq!(world.commit(viewer, list, vec![action]).await, Err(Code::Forbidden));
    }
    // Through a list of one's own nothing in another list is reached.
    for action in actions() {
        assert_eq!(world.act(stranger, others, action).await, Err(Code::NotFound));
    }
    assert_eq!(list_code(world.medias.media(stranger, list, &[id]).await), Code::NotFound);
    assert_eq!(list_code(world.medias.of_todos(stranger, list, &[todo]).await), Code::NotFound);
    assert_eq!(world.medias.media(viewer, list, &[id]).await.unwrap().len(), 1);
    assert_eq!(world.media(owner, list, id).await.caption, "");
    // Access to files is for members alone; other lists are left out, whether they exist or not.
    let asked = [list, others, ListId::fresh()];
    let granted = |user| async move {
        let grants = world.medias.grant(user, &asked).await.unwrap();
        grants.into_iter().map(|(list, _)| list).collect::<Vec<_>>()
    };
    let (viewers, strangers) = (granted.clone()(viewer).await, granted(stranger).await);
    assert_eq!((viewers, strangers), (vec![list], vec![others]));
}

#[tokio::test]
async fn a_batch_takes_effect_once_however_often_it_is_sent() {
    let world = World::new().await;
    let (owner, friend) = (world.user().await, world.user().await);
    let (list, todo) = world.list(owner).await;
    world.share(list, friend, Role::Editor).await;
    let batch = Batch { id: MutationId::fresh(), list, actions: vec![Action::AddMedia(new(todo, 7))] };
    let first = world.medias.commit(owner, &batch).await.unwrap();
    assert_eq!(world.medias.commit(owner, &batch).await.unwrap(), first);
    assert_eq!((world.used(owner).await, world.head(list).await.version), (7, 2));
    let reused = Batch { actions: vec![Action::AddMedia(new(todo, 8))], ..batch.clone() };
    assert_eq!(list_code(world.medias.commit(owner, &reused).await), Code::MutationReused);
    assert_eq!(list_code(world.medias.commit(friend, &batch).await), Code::NotFound);
    // The same again under another id is no second one.
    let again = Batch { id: MutationId::fresh(), ..batch };
    assert_eq!(world.medias.commit(owner, &again).await.unwrap().outcomes, [Outcome::Applied]);
    assert_eq!(world.used(owner).await, 7);
}

#[tokio::test]
async fn limits_hold_at_their_edges() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let adds = |todo, count: usize| (0..count).map(|_| Action::AddMedia(new(todo, 1))).collect();
    let receipt = world.commit(owner, list, adds(todo, MEDIA_PER_TODO + 1)).await.unwrap();
    assert_eq!(receipt.outcomes.last(), Some(&Outcome::Refused(Code::TooManyMedia)));
    assert_eq!(world.act(owner, list, Action::AddMedia(new(todo, 1))).await, Err(Code::TooManyMedia));
    let first = world.medias.of_todos(owner, list, &[todo]).await.unwrap().remove(0);
    let swap = vec![Action::DeleteMedia { id: first.id, at: world::NOW }, Action::AddMedia(new(todo, 1))];
    assert_eq!(world.commit(owner, list, swap).await.unwrap().outcomes, [Outcome::Applied; 2]);
    assert_eq!(world.act(owner, list, Action::AddMedia(new(TodoId::fresh(), 1))).await, Err(Code::NotFound));
    // More than a transaction holds is for the device to halve.
    let mut many = Vec::new();
    for _ in 0..60 {
        many.extend([Action::AddMedia(new(world.todo(list).await, 1))]);
    }
    assert_eq!(world.commit(owner, list, many.clone()).await, Err(Code::BatchSize));
    many.truncate(30);
    world.commit(owner, list, many).await.unwrap();
    // The last byte of the quota, and one more.
    let full = Expression::new("SET #mediaBytes = :to").value("to", QUOTA_BYTES - 10);
    world.table.update(Key::profile(owner), full, None).await.unwrap();
    let todo = world.todo(list).await;
    assert_eq!(world.act(owner, list, Action::AddMedia(new(todo, 11))).await, Err(Code::Quota));
    world.act(owner, list, Action::AddMedia(new(todo, 10))).await.unwrap();
    assert_eq!(world.act(owner, list, Action::AddMedia(new(todo, 1))).await, Err(Code::Quota));
    assert_eq!(world.used(owner).await, QUOTA_BYTES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_in_many_lists_never_overdraw_the_quota() {
    let world = World::new().await;
    let owner = world.user().await;
    let mut lists = Vec::new();
    for _ in 0..6 {
        lists.push(world.list(owner).await);
    }
    let writers = lists.into_iter().map(|(list, todo)| {
        let medias = world.medias.clone();
        tokio::spawn(async move {
            let batch = Batch {
                id: MutationId::fresh(),
                list,
                actions: vec![Action::AddMedia(film(todo, VIDEO_BYTES))],
            };
            loop {
                match medias.commit(owner, &batch).await {
                    Ok(receipt) => break receipt.outcomes == [Outcome::Applied],
                    Err(error) => assert_eq!(error.code(), Code::Busy),
                }
            }
        })
    });
    let done = futures::future::join_all(writers).await;
    // Five gigabytes hold two films of two.
    assert_eq!(done.into_iter().filter(|applied| *applied.as_ref().unwrap()).count(), 2);
    assert_eq!(world.used(owner).await, 2 * VIDEO_BYTES);
}

#[tokio::test]
async fn a_deleted_list_leaves_neither_rows_nor_files() {
    let world = World::new().await;
    let owner = world.user().await;
    let (list, todo) = world.list(owner).await;
    let (kept, other) = world.list(owner).await;
    world.ready(owner, list, todo).await;
    world.picture(owner, list, todo).await;
    let (id, _) = world.ready(owner, kept, other).await;
    assert_eq!((world.used(owner).await, world.head(list).await.media_bytes), (30, 20));
    let mut head = world.head(list).await;
    head.deleted = true;
    world.table.put(platform::list::head_item(&head).unwrap(), None).await.unwrap();
    purge_list(&world.store(), list).await.unwrap();
    purge_list(&world.store(), list).await.unwrap();
    assert_eq!(world.used(owner).await, 30, "the deletion of the list has counted, not the removal");
    world.medias.work_off(&world::Fake::new(&world.blobs)).await.unwrap();
    for range in [Range::Media, Range::Albums] {
        assert!(world.table.all(Partition::List(list), range).await.unwrap().is_empty());
    }
    assert_eq!(world.files().await, 2, "those of the other list");
    assert_eq!(world.state(owner, kept, id).await, MediaState::Ready);
    // An owner who is gone is not made again.
    world.table.delete(Key::profile(owner), None).await.unwrap();
    let mut head = world.head(kept).await;
    head.deleted = true;
    world.table.put(platform::list::head_item(&head).unwrap(), None).await.unwrap();
    purge_list(&world.store(), kept).await.unwrap();
    world.medias.work_off(&world::Fake::new(&world.blobs)).await.unwrap();
    assert_eq!(world.files().await, 0);
    assert!(world.table.get(&Key::profile(owner)).await.unwrap().is_none());
    assert!(world.table.get(&Key::media(kept, id)).await.unwrap().is_none());
}

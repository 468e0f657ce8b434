//! Photos through the functions: the subgraph takes them in, the maker makes what is shown and what CloudFront misses.

use std::io::Cursor;

use domain::id::{ListId, MediaId, MutationId, TodoId};
use platform::blob::{BlobKey, Bucket};
use serde_json::{Value, json};

use crate::world::{COMMIT, Device, World, ask, batch, http_event, json_of};

const ADD: &str =
    "mutation($batch: MediaBatchInput!) { commitMedia(batch: $batch) { outcomes { applied } } }";
const SIGN: &str = "mutation($list: ID!, $media: ID!) { signUpload(list: $list, media: $media)
    { post { fields { name value } } } }";
const CONFIRM: &str = "mutation($id: ID!, $list: ID!, $media: ID!)
    { confirmUpload(mutationId: $id, list: $list, media: $media) { state } }";
const CHANGES: &str =
    "query($list: ID!) { changes(list: $list, since: 0) { media { state rendition { path } } } }";

fn png() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(500, 250, |x, y| image::Rgb([x as u8, y as u8, 99]));
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, image::ImageFormat::Png).unwrap();
    file.into_inner()
}

fn key(text: &str) -> BlobKey {
    BlobKey::parse(text).unwrap()
}

/// A photo whose file has arrived, and where it lies.
async fn arrived(world: &World, owner: &Device) -> (ListId, MediaId) {
    let (list, todo, media, file) = (world.list(owner).await, TodoId::fresh(), MediaId::fresh(), png());
    let new =
        json!({ "createTodo": { "id": todo, "title": "x", "notes": "", "order": "V", "createdAt": 1 } });
    world.data(owner, COMMIT, batch(list, new)).await;
    let new = json!({ "addMedia": {
        "id": media, "todo": todo, "kind": "IMAGE", "name": "a", "contentType": "image/png",
        "bytes": file.len(), "order": "V", "createdAt": 1,
    }});
    world.data(owner, ADD, batch(list, new)).await;
    let signed = world.data(owner, SIGN, json!({ "list": list, "media": media })).await;
    let fields = signed["signUpload"]["post"]["fields"].as_array().unwrap();
    let name = fields.iter().find(|field| field["name"] == "key").unwrap()["value"].as_str().unwrap();
    world.blobs.put(Bucket::Originals, &key(name), "image/png", file.into()).await.unwrap();
    (list, media)
}

async fn confirm(world: &World, device: &Device, list: ListId, media: MediaId) -> Value {
    world.data(device, CONFIRM, json!({ "id": MutationId::fresh(), "list": list, "media": media })).await
}

#[tokio::test]
async fn a_confirmed_upload_wakes_the_maker_which_makes_what_is_shown() {
    let world = World::new().await;
    let owner = world.sign_in("a@b.example").await;
    let (list, media) = arrived(&world, &owner).await;
    world.woken.lock().unwrap().clear();
    confirm(&world, &owner, list, media).await;
    {
        let woken = world.woken.lock().unwrap();
        let [(path, body)] = woken.as_slice() else { panic!("{woken:?}") };
        assert_eq!((path.as_str(), body.as_str()), ("/2015-03-31/functions/maker/invocations", "{}"));
    }
    assert_eq!(ask(&world.maker, json!({})).await, 1);
    assert_eq!(ask(&world.maker, json!({})).await, 0, "nothing is due any more");
    let changes = world.data(&owner, CHANGES, json!({ "list": list })).await;
    assert_eq!(changes["changes"]["media"][0]["state"], "READY", "{changes}");

    let path = changes["changes"]["media"][0]["rendition"]["path"].as_str().unwrap();
    let missing = key(&format!("{path}/320.webp"));
    world.blobs.delete(Bucket::Variants, &missing).await.unwrap();
    let address = format!("/media/{path}/320.webp");
    let made = ask(&world.maker, http_event("GET", &address)).await;
    assert_eq!((&made["statusCode"], &made["isBase64Encoded"]), (&json!(200), &json!(true)), "{made}");
    assert_eq!(made["headers"]["content-type"], "image/webp");
    assert!(world.blobs.info(Bucket::Variants, &missing).await.is_ok(), "it is there from now on");

    let mut around = http_event("GET", &address);
    around["headers"]["x-origin-verify"] = "guessed".into();
    assert_eq!(ask(&world.maker, around).await["statusCode"], 403);
    for nothing in
        ["/media/", "/media/a/b/c", &format!("/media/{path}/321.webp"), &format!("/media/{path}/about.json")]
    {
        let answer = ask(&world.maker, http_event("GET", nothing)).await;
        assert_eq!(json_of(&answer)["error"]["code"], "NOT_FOUND", "{nothing}");
    }
}

#[tokio::test]
async fn a_playlist_gets_the_signature_that_it_was_asked_for_with() {
    let world = World::new().await;
    let list = key("list/token/1/master.m3u8");
    let text = "#EXTM3U\nhls-360.m3u8\n";
    world.blobs.put(Bucket::Variants, &list, "text/plain", text.into()).await.unwrap();
    let mut event = http_event("GET", "/media/list/token/1/master.m3u8");
    event["headers"]["x-stack-access"] = "Policy=p&Signature=s&Key-Pair-Id=k".into();
    let answer = ask(&world.maker, event).await;
    assert_eq!(answer["body"], "#EXTM3U\nhls-360.m3u8?Policy=p&Signature=s&Key-Pair-Id=k\n", "{answer}");
}

#[tokio::test]
async fn media_are_for_members_of_their_list() {
    let world = World::new().await;
    let (owner, viewer) = (world.sign_in("a@b.example").await, world.sign_in("v@b.example").await);
    let stranger = world.sign_in("x@b.example").await;
    let (list, media) = arrived(&world, &owner).await;
    world.share(list, viewer.user, "viewer").await;
    let id = json!({ "id": MutationId::fresh(), "list": list, "media": media });
    for query in [SIGN, CONFIRM] {
        assert_eq!(world.refusal(Some(&viewer.token), query, id.clone()).await, "FORBIDDEN");
        assert_eq!(world.refusal(Some(&stranger.token), query, id.clone()).await, "NOT_FOUND");
        assert_eq!(world.refusal(None, query, id.clone()).await, "UNAUTHENTICATED");
    }
    let grant = "query($lists: [ID!]!) { mediaAccess(lists: $lists) { list } }";
    let granted = world.data(&viewer, grant, json!({ "lists": [list] })).await;
    assert_eq!(granted["mediaAccess"], json!([{ "list": list }]));
    assert_eq!(world.refusal(None, grant, json!({ "lists": [list] })).await, "UNAUTHENTICATED");
}

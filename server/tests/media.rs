//! Files over real HTTP: in by signed forms and parts, out by signed addresses, and no other way.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test")]

mod world;

use std::io::Cursor;

use bytes::Bytes;
use domain::{
    error::Code,
    id::{ListId, MediaId, MutationId, TodoId},
    limits::ACCESS_SECONDS,
};
use futures::future::join_all;
use platform::{
    Clock as _,
    blob::{BlobKey, Bucket},
};
use reqwest::{
    Method, Response,
    header::{HeaderMap, RANGE},
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use world::{Device, World, refusal};

fn key(text: &str) -> BlobKey {
    BlobKey::parse(text).unwrap()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 99]));
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, image::ImageFormat::Png).unwrap();
    file.into_inner()
}

/// Sends a file as a browser does: by the form that was signed for it.
async fn post(world: &World, form: &Value, file: Vec<u8>) -> Response {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let fields = form["fields"].as_array().unwrap().iter();
    let fields =
        fields.fold(Form::new(), |form, field| form.text(text(&field["name"]), text(&field["value"])));
    let body = fields.part("file", Part::bytes(file).file_name("a\u{202e}gnp.exe"));
    world.http.post(world.url(form["url"].as_str().unwrap())).multipart(body).send().await.unwrap()
}

/// A list with a todo, and a device of its owner's.
struct Album<'w> {
    world: &'w World,
    owner: Device,
    list: ListId,
    todo: TodoId,
}

impl<'w> Album<'w> {
    async fn new(world: &'w World) -> Self {
        let owner = world.sign_in("owner@example.com", "Laptop").await;
        let (list, todo) = (world.make_list(&owner).await, TodoId::fresh());
        let album = Self { world, owner, list, todo };
        let new = json!({ "id": todo, "title": "x", "notes": "", "order": "V", "createdAt": 1 });
        let query = "mutation($batch: BatchInput!) { commit(batch: $batch) { outcomes { applied } } }";
        let answer = album.ask(query, album.batch(json!({ "createTodo": new }))).await;
        assert_eq!(answer["commit"]["outcomes"][0]["applied"], true, "{answer}");
        album
    }

    fn batch(&self, action: Value) -> Value {
        json!({ "batch": { "mutationId": MutationId::fresh(), "list": self.list, "actions": [action] } })
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.world.graphql(&self.owner.token, query, variables).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"].take()
    }

    /// Adds a media item of so many bytes and asks for leave to send its file.
    async fn begin(&self, media: MediaId, content_type: &str, bytes: usize) -> Value {
        let kind = if content_type.starts_with("video/") { "VIDEO" } else { "IMAGE" };
        let new = json!({
            "id": media, "todo": self.todo, "kind": kind, "name": "a", "contentType": content_type,
            "bytes": bytes, "order": "V", "createdAt": 1,
        });
        let query =
            "mutation($batch: MediaBatchInput!) { commitMedia(batch: $batch) { outcomes { applied } } }";
        let answer = self.ask(query, self.batch(json!({ "addMedia": new }))).await;
        assert_eq!(answer["commitMedia"]["outcomes"][0]["applied"], true, "{answer}");
        let query = "mutation($list: ID!, $media: ID!) { signUpload(list: $list, media: $media)
            { post { url fields { name value } } multipart { partBytes } } }";
        self.ask(query, json!({ "list": self.list, "media": media })).await["signUpload"].take()
    }

    /// Sends a picture's file; gives its media item as soon as it was processed.
    async fn add(&self, file: Vec<u8>) -> Value {
        let media = MediaId::fresh();
        let leave = self.begin(media, "image/png", file.len()).await;
        assert_eq!(post(self.world, &leave["post"], file).await.status(), 204);
        let query = "mutation($id: ID!, $list: ID!, $media: ID!) {
            confirmUpload(mutationId: $id, list: $list, media: $media) { id } }";
        self.ask(query, json!({ "id": MutationId::fresh(), "list": self.list, "media": media })).await;
        loop {
            let query = "query($list: ID!) { changes(list: $list, since: 0) {
                media { id state failure rendition { path } } } }";
            let answer = self.ask(query, json!({ "list": self.list })).await;
            let all = answer["changes"]["media"].as_array().unwrap();
            // While it changes, it may be beyond what a page says.
            let found = all.iter().find(|found| found["id"] == media.to_string().as_str());
            let ended = |found: &&Value| ["READY", "FAILED"].contains(&found["state"].as_str().unwrap());
            if let Some(found) = found.filter(ended) {
                return found.clone();
            }
        }
    }

    /// A picture that is ready: its folder, and the query that opens it.
    async fn picture(&self) -> (String, String) {
        let media = self.add(png(500, 250)).await;
        let path = media["rendition"]["path"].as_str().unwrap_or_else(|| panic!("{media}"));
        let query = "query($lists: [ID!]!) { mediaAccess(lists: $lists) { query } }";
        let access = self.ask(query, json!({ "lists": [self.list] })).await;
        (format!("/media/{path}"), access["mediaAccess"][0]["query"].as_str().unwrap().to_owned())
    }
}

async fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> Response {
    let request = world.http.get(world.url(path));
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn a_signed_form_and_signed_parts_are_the_only_ways_in() {
    let world = World::new().await;
    let album = Album::new(&world).await;
    let leave = album.begin(MediaId::fresh(), "image/png", 5).await;
    let form = &leave["post"];
    for (what, file) in [("too small", "1234"), ("too large", "123456")] {
        assert!(post(&world, form, file.into()).await.status().is_client_error(), "{what}");
    }
    let done = post(&world, form, "12345".into()).await;
    assert_eq!((done.status().as_u16(), header(done.headers(), "access-control-allow-origin")), (204, "*"));

    let film = MediaId::fresh();
    let leave = album.begin(film, "video/mp4", 60_000_000).await;
    let length = usize::try_from(leave["multipart"]["partBytes"].as_u64().unwrap()).unwrap();
    let ids = json!({ "list": album.list, "media": film });
    let query = "mutation($list: ID!, $media: ID!) {
        signParts(list: $list, media: $media, numbers: [1]) { url } }";
    let signed = album.ask(query, ids.clone()).await;
    let part = world.url(signed["signParts"][0]["url"].as_str().unwrap());
    for (length, status) in [(4, 403), (length, 200)] {
        assert_eq!(world.http.put(&part).body(vec![0; length]).send().await.unwrap().status(), status);
    }
    let query = "query($list: ID!, $media: ID!) { uploadedParts(list: $list, media: $media) { number } }";
    assert_eq!(album.ask(query, ids).await, json!({ "uploadedParts": [{ "number": 1 }] }));

    let url = world.url("/originals/list/token");
    for (method, expected) in
        [(Method::GET, 405), (Method::DELETE, 405), (Method::PUT, 404), (Method::POST, 405)]
    {
        let refused = world.http.request(method.clone(), &url).body("12345").send().await.unwrap();
        assert_eq!(refused.status(), expected, "{method}");
    }
    for path in ["/variants", "/variants/list/token", "/originals/../storage-key", "/files/objects"] {
        assert_eq!(get(&world, path, &[]).await.status(), 404, "{path}");
    }
    let asked =
        world.http.request(Method::OPTIONS, &url).header("origin", "https://app.example").send().await;
    let asked = asked.unwrap();
    assert_eq!(asked.status(), 204);
    assert_eq!(header(asked.headers(), "access-control-allow-methods"), "POST, PUT");

    let long =
        world.http.post(world.url("/originals")).header("content-type", "multipart/form-data; boundary=x");
    let long = long.header("content-length", "60000000").body(vec![0; 60_000_000]).send().await;
    // Refused before it is read: the answer may be lost to the one who is still sending.
    if let Ok(long) = long {
        assert_eq!(refusal(long).await, (413, "TOO_LARGE".into()));
    }
}

#[tokio::test]
async fn a_picture_opens_by_a_signed_address_of_its_list_while_it_lasts() {
    let world = World::new().await;
    let album = Album::new(&world).await;
    let (list, other) = (album.list, ListId::fresh());
    let (folder, query) = album.picture().await;
    let token = folder.rsplit('/').nth(1).unwrap();
    let webp = format!("{folder}/320.webp?{query}");
    let good = get(&world, &webp, &[]).await;
    let headers = good.headers().clone();
    assert_eq!(good.status(), 200);
    assert_eq!(header(&headers, "content-type"), "image/webp");
    assert_eq!(header(&headers, "cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(header(&headers, "content-disposition"), "inline; filename=\"320.webp\"");
    assert_eq!(header(&headers, "x-content-type-options"), "nosniff");
    assert_eq!(header(&headers, "cross-origin-resource-policy"), "same-origin");
    assert!(header(&headers, "content-security-policy").starts_with("sandbox; default-src 'none'"));
    let whole = good.bytes().await.unwrap();
    assert_eq!(&whole[8..12], b"WEBP");
    assert_eq!(header(&headers, "content-length"), whole.len().to_string());

    let elsewhere = world.host.access.grant(other, world.clock.now()).await.unwrap().query;
    let unsigned = format!("{folder}/320.webp");
    let nothing = [
        unsigned.clone(),
        format!("{unsigned}?{elsewhere}"),
        format!("{unsigned}?{}x", query),
        format!("{folder}/about.json?{query}"),
        format!("{folder}/319.webp?{query}"),
        format!("{folder}/320.html?{query}"),
        format!("/media/{list}/{token}/2/320.webp?{query}"),
        format!("/media/{list}/{token}?{query}"),
        format!("/media/{list}/..%2f..%2f/storage-key/320.webp?{query}"),
        format!("/media/{list}/{token}/1%00/320.webp?{query}"),
        format!("/media/{other}/{token}/1/320.webp?{query}"),
    ];
    for path in nothing {
        assert_eq!(refusal(get(&world, &path, &[]).await).await, (404, "NOT_FOUND".into()), "{path}");
    }
    world.clock.advance(i64::from(ACCESS_SECONDS) * 1_000 + 1_000);
    assert_eq!(refusal(get(&world, &webp, &[]).await).await, (404, "NOT_FOUND".into()));
}

#[tokio::test]
async fn ranges_and_tags_work_as_players_and_caches_expect() {
    let world = World::new().await;
    let (folder, query) = Album::new(&world).await.picture().await;
    let path = format!("{folder}/320.avif?{query}");
    let whole = get(&world, &path, &[]).await;
    let tag = header(whole.headers(), "etag").to_owned();
    let whole = whole.bytes().await.unwrap();
    let length = whole.len();

    let head = world.http.head(world.url(&path)).send().await.unwrap();
    assert_eq!(
        (head.status().as_u16(), header(head.headers(), "content-length")),
        (200, length.to_string().as_str())
    );
    assert_eq!(header(head.headers(), "accept-ranges"), "bytes");
    let known = get(&world, &path, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status().as_u16(), known.bytes().await.unwrap()), (304, Bytes::new()));

    let (last, beyond) = (length - 1, format!("bytes={length}-"));
    let cases = [
        ("bytes=0-9", 206, 0..10, format!("bytes 0-9/{length}")),
        ("bytes=10-", 206, 10..length, format!("bytes 10-{last}/{length}")),
        ("bytes=-4", 206, length - 4..length, format!("bytes {}-{last}/{length}", length - 4)),
        (&beyond, 416, 0..0, format!("bytes */{length}")),
        ("bytes=0-1,4-5", 200, 0..length, String::new()),
        ("lines=1-2", 200, 0..length, String::new()),
        ("bytes=-", 200, 0..length, String::new()),
    ];
    for (range, status, bytes, content_range) in cases {
        let part = get(&world, &path, &[(RANGE.as_str(), range)]).await;
        assert_eq!(part.status(), status, "{range}");
        assert_eq!(header(part.headers(), "content-range"), content_range, "{range}");
        if status != 416 {
            assert_eq!(part.bytes().await.unwrap(), whole.slice(bytes), "{range}");
        }
    }
    for (known, status) in [(tag.as_str(), 206), ("\"another\"", 200)] {
        let part = get(&world, &path, &[("range", "bytes=0-9"), ("if-range", known)]).await;
        assert_eq!(part.status(), status, "{known}");
    }
}

#[tokio::test]
async fn a_missing_size_is_made_once_for_all_who_ask() {
    let world = World::new().await;
    let (folder, query) = Album::new(&world).await.picture().await;
    let stored = key(folder.strip_prefix("/media/").unwrap());
    for name in ["500.jpg", "500.avif"] {
        let at = key(&format!("{stored}/{name}"));
        world.host.blobs.delete(Bucket::Variants, &at).await.unwrap();
        let path = format!("{folder}/{name}?{query}");
        let answers = join_all((0..8).map(|_| get(&world, &path, &[]))).await;
        let mut tags: Vec<_> =
            answers.iter().map(|answer| header(answer.headers(), "etag").to_owned()).collect();
        assert!(answers.iter().all(|answer| answer.status() == 200), "{name}");
        tags.dedup();
        assert_eq!(tags.len(), 1, "{name}");
        assert!(world.host.blobs.info(Bucket::Variants, &at).await.unwrap().bytes > 100);
    }
}

#[tokio::test]
async fn each_address_in_a_playlist_works_by_itself() {
    let world = World::new().await;
    let (folder, query) = Album::new(&world).await.picture().await;
    let blobs = &world.host.blobs;
    for (name, contents) in [
        ("master.m3u8", "#EXTM3U\nhls-360.m3u8\n"),
        ("hls-360.m3u8", "#EXTM3U\n#EXT-X-MAP:URI=\"hls-360-init.mp4\"\n#EXTINF:4,\nhls-360-00000.m4s\n"),
        ("hls-360-init.mp4", "init"),
        ("hls-360-00000.m4s", "piece"),
    ] {
        let at = key(&format!("{}/{name}", folder.strip_prefix("/media/").unwrap()));
        blobs
            .put(Bucket::Variants, &at, "text/plain", Bytes::from_static(contents.as_bytes()))
            .await
            .unwrap();
    }
    let follow = async |name: &str| get(&world, &format!("{folder}/{name}"), &[]).await;
    assert_eq!(follow("master.m3u8").await.status(), 404);
    let master = follow(&format!("master.m3u8?{query}")).await;
    assert_eq!(header(master.headers(), "content-type"), "application/vnd.apple.mpegurl");
    assert_eq!(header(master.headers(), "cache-control"), "private, no-store");
    let master = master.text().await.unwrap();
    let playlist = follow(master.lines().last().unwrap()).await.text().await.unwrap();
    let start = playlist.lines().nth(1).unwrap().split('"').nth(1).unwrap();
    assert_eq!(follow(start).await.text().await.unwrap(), "init");
    assert_eq!(follow(playlist.lines().last().unwrap()).await.text().await.unwrap(), "piece");
}

#[tokio::test]
async fn a_file_that_is_no_picture_says_what_is_wrong_with_it() {
    let world = World::new().await;
    let album = Album::new(&world).await;
    let cases = [
        (png(64, 64)[..300].to_vec(), Code::MediaBroken),
        (b"MZ a program".to_vec(), Code::MediaMismatch),
        (b"\0\0\0\x18ftypheic".to_vec(), Code::Heic),
    ];
    for (file, code) in cases {
        let media = album.add(file).await;
        assert_eq!((&media["state"], &media["failure"]), (&json!("FAILED"), &json!(code.name())));
        assert!(world.host.blobs.list(Bucket::Variants, None).await.unwrap().is_empty());
    }
}

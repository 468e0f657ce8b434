//! The embedded storage behind the real SDK client, and as a browser reaches it: by signed forms and parts.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::{collections::BTreeSet, path::Path};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use platform::blob::{BlobError, BlobKey, Blobs, Bucket, SignedForm};
use proptest::prelude::*;
use s3s::Body;

const MIB: usize = 1_024 * 1_024;

fn key(text: &str) -> BlobKey {
    BlobKey::parse(text).unwrap()
}

async fn storage() -> (tempfile::TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::embedded(folder.path()).await.unwrap();
    (folder, blobs)
}

/// Posts a form as browsers do: its fields, then the file.
async fn post(blobs: &Blobs, url: &str, fields: &[(&str, String)], file: &[u8]) -> StatusCode {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    body.extend(*b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n");
    body.extend(file);
    body.extend(*b"\r\n--edge--\r\n");
    let request = Request::post(url)
        .header("content-type", "multipart/form-data; boundary=edge")
        .header("content-length", body.len());
    send(blobs, request.body(Body::from(body)).unwrap()).await
}

async fn put(blobs: &Blobs, url: &str, contents: &[u8]) -> StatusCode {
    let request = Request::put(url).header("content-length", contents.len());
    send(blobs, request.body(Body::from(contents.to_vec())).unwrap()).await
}

async fn send(blobs: &Blobs, request: Request<Body>) -> StatusCode {
    let response: Response<Body> = blobs.answer(request).await.unwrap();
    response.status()
}

fn with(form: &SignedForm, name: &str, value: &str) -> Vec<(&'static str, String)> {
    let mut fields = form.fields.clone();
    fields.iter_mut().find(|field| field.0 == name).unwrap().1 = value.to_owned();
    fields
}

async fn read(blobs: &Blobs, key: &BlobKey) -> Option<Bytes> {
    match blobs.get(Bucket::Originals, key, None).await {
        Ok(blob) => Some(blob.into_bytes().await.unwrap()),
        Err(BlobError::NotFound) => None,
        Err(error) => panic!("{error}"),
    }
}

fn files_below(folder: &Path) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        }
        files.insert(path.display().to_string());
    }
    files
}

#[tokio::test]
async fn what_was_put_is_there_after_reopening_and_gone_without_trace_once_deleted() {
    let (folder, blobs) = storage().await;
    let before = files_below(folder.path());
    let (one, two) = (key("list/token/1/320.avif"), key("list/token/1/960.avif"));
    blobs.put(Bucket::Variants, &one, "image/avif", Bytes::from_static(b"0123456789")).await.unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"from a file").unwrap();
    blobs.put_file(Bucket::Variants, &two, "image/avif", &file).await.unwrap();
    std::fs::remove_file(&file).unwrap();
    drop(blobs);

    let blobs = Blobs::embedded(folder.path()).await.unwrap();
    let info = blobs.info(Bucket::Variants, &one).await.unwrap();
    assert_eq!((info.bytes, info.content_type.as_deref()), (10, Some("image/avif")));
    assert!(info.etag.unwrap().starts_with('"'));
    assert_eq!(blobs.list(Bucket::Variants, None).await.unwrap(), [one.clone(), two.clone()]);
    assert_eq!(blobs.list(Bucket::Variants, Some(&one)).await.unwrap(), std::slice::from_ref(&two));
    assert!(blobs.list(Bucket::Originals, None).await.unwrap().is_empty());
    let whole = blobs.get(Bucket::Variants, &two, None).await.unwrap();
    assert_eq!((whole.bytes, &whole.range), (11, &None));
    assert_eq!(whole.into_bytes().await.unwrap(), "from a file");

    assert_eq!(blobs.delete_below(Bucket::Variants, &key("list/token")).await.unwrap(), 2);
    assert!(matches!(blobs.info(Bucket::Variants, &one).await, Err(BlobError::NotFound)));
    blobs.delete(Bucket::Variants, &one).await.unwrap();
    assert_eq!(files_below(folder.path()), before);
}

#[tokio::test]
async fn ranges_are_answered_as_http_has_them() {
    let (_folder, blobs) = storage().await;
    let at = key("video");
    blobs.put(Bucket::Variants, &at, "video/mp4", Bytes::from_static(b"0123456789")).await.unwrap();
    for (range, contents, header) in [
        ("bytes=0-0", "0", "bytes 0-0/10"),
        ("bytes=3-5", "345", "bytes 3-5/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=7-99", "789", "bytes 7-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
    ] {
        let part = blobs.get(Bucket::Variants, &at, Some(range)).await.unwrap();
        assert_eq!(part.range.as_deref(), Some(header), "{range}");
        assert_eq!(part.into_bytes().await.unwrap(), contents, "{range}");
    }
    let beyond = blobs.get(Bucket::Variants, &at, Some("bytes=10-")).await;
    assert!(matches!(beyond, Err(BlobError::Range)), "{beyond:?}");
}

#[tokio::test]
async fn a_form_takes_exactly_what_it_was_signed_for() {
    let (_folder, blobs) = storage().await;
    let at = key("list/token");
    let form = blobs.sign_form(&at, 5, "image/png").await.unwrap();
    assert_eq!(form.url, "/originals");
    let url = form.url.as_str();
    let refused = [
        ("too small", post(&blobs, url, &form.fields, b"1234").await),
        ("too large", post(&blobs, url, &form.fields, b"123456").await),
        ("another key", post(&blobs, url, &with(&form, "key", "list/other"), b"12345").await),
        ("another type", post(&blobs, url, &with(&form, "Content-Type", "text/html"), b"12345").await),
        ("another bucket", post(&blobs, "/variants", &form.fields, b"12345").await),
        (
            "a wrong signature",
            post(&blobs, url, &with(&form, "x-amz-signature", &"0".repeat(64)), b"12345").await,
        ),
        ("another policy", post(&blobs, url, &with(&form, "policy", "e30="), b"12345").await),
        ("another date", post(&blobs, url, &with(&form, "x-amz-date", "20200101T000000Z"), b"12345").await),
    ];
    for (what, status) in refused {
        assert!(status.is_client_error(), "{what}: {status}");
    }
    let mut more = form.fields.clone();
    more.insert(0, ("x-amz-meta-more", "1".to_owned()));
    assert_eq!(post(&blobs, url, &more, b"12345").await, StatusCode::FORBIDDEN);
    for left_out in 0..form.fields.len() {
        let mut fewer = form.fields.clone();
        fewer.remove(left_out);
        let status = post(&blobs, url, &fewer, b"12345").await;
        assert!(status.is_client_error(), "without {}: {status}", form.fields[left_out].0);
    }
    assert_eq!(post(&blobs, url, &[], b"12345").await, StatusCode::FORBIDDEN);
    assert_eq!(read(&blobs, &at).await, None);
    assert!(blobs.list(Bucket::Originals, None).await.unwrap().is_empty());

    assert_eq!(post(&blobs, url, &form.fields, b"12345").await, StatusCode::NO_CONTENT);
    let info = blobs.info(Bucket::Originals, &at).await.unwrap();
    assert_eq!((info.bytes, info.content_type.as_deref()), (5, Some("image/png")));
    // A form can be posted again while it is good: to the same key, with as many bytes of the same type.
    assert_eq!(post(&blobs, url, &form.fields, b"54321").await, StatusCode::NO_CONTENT);
    assert_eq!(read(&blobs, &at).await.unwrap(), "54321");
}

#[tokio::test]
async fn another_storage_s_forms_are_not_taken() {
    let ((_one, ours), (_two, theirs)) = (storage().await, storage().await);
    let form = theirs.sign_form(&key("a"), 1, "image/png").await.unwrap();
    assert!(post(&ours, &form.url, &form.fields, b"1").await.is_client_error());
    assert_eq!(post(&theirs, &form.url, &form.fields, b"1").await, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn credentials_outlive_a_restart_and_are_private() {
    let (folder, blobs) = storage().await;
    let form = blobs.sign_form(&key("a"), 1, "image/png").await.unwrap();
    drop(blobs);
    let blobs = Blobs::embedded(folder.path()).await.unwrap();
    assert_eq!(post(&blobs, &form.url, &form.fields, b"1").await, StatusCode::NO_CONTENT);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode("storage-key") & 0o777, 0o600);
        assert_eq!(mode("files") & 0o777, 0o700);
    }
    std::fs::write(folder.path().join("storage-key"), "short").unwrap();
    let damaged = Blobs::embedded(folder.path()).await.unwrap_err();
    assert!(damaged.to_string().contains("access key"), "{damaged}");
}

#[tokio::test]
async fn parts_become_one_blob_even_if_everything_stops_in_between() {
    let (folder, blobs) = storage().await;
    let at = key("list/video");
    let before = files_below(folder.path());
    let upload = blobs.begin_upload(&at, "video/mp4").await.unwrap();
    let (first, last) = (vec![b'a'; 5 * MIB], b"the end".to_vec());
    let sign = async |number, bytes: usize| {
        blobs.sign_part(&at, &upload, number, u64::try_from(bytes).unwrap()).await.unwrap().url
    };
    let one = sign(1, first.len()).await;
    assert!(one.starts_with("/originals/list/video?"), "{one}");
    assert_eq!(put(&blobs, &one, &first).await, StatusCode::OK);
    assert_eq!(put(&blobs, &sign(2, 3).await, b"old").await, StatusCode::OK);

    // A new process finds what had arrived; a part that comes again takes the place of the first.
    let blobs = Blobs::embedded(folder.path()).await.unwrap();
    let parts = blobs.parts(&at, &upload).await.unwrap();
    assert_eq!(
        parts.iter().map(|part| (part.number, part.bytes)).collect::<Vec<_>>(),
        [(1, 5_242_880), (2, 3)]
    );
    let two = blobs.sign_part(&at, &upload, 2, 7).await.unwrap().url;
    assert_eq!(put(&blobs, &two, &last).await, StatusCode::OK);
    let listed = blobs.uploads().await.unwrap();
    assert_eq!((listed.len(), &listed[0].id, listed[0].key.as_str()), (1, &upload, "list/video"));
    assert!(listed[0].begun.unwrap().elapsed().unwrap().as_secs() < 60);
    assert_eq!(read(&blobs, &at).await, None);

    let parts = blobs.parts(&at, &upload).await.unwrap();
    blobs.complete_upload(&at, &upload, &parts).await.unwrap();
    let whole = read(&blobs, &at).await.unwrap();
    assert_eq!((whole.len(), &whole[5 * MIB..]), (5 * MIB + 7, last.as_slice()));
    let info = blobs.info(Bucket::Originals, &at).await.unwrap();
    assert_eq!(info.content_type.as_deref(), Some("video/mp4"));

    // Completing is for once, and a part's address is void then.
    let again = blobs.complete_upload(&at, &upload, &parts).await;
    assert!(matches!(again, Err(BlobError::NoSuchUpload)), "{again:?}");
    assert_eq!(put(&blobs, &two, &last).await, StatusCode::NOT_FOUND);
    assert!(blobs.uploads().await.unwrap().is_empty());
    blobs.delete(Bucket::Originals, &at).await.unwrap();
    assert_eq!(files_below(folder.path()), before);
}

#[tokio::test]
async fn a_part_takes_exactly_what_it_was_signed_for() {
    let (_folder, blobs) = storage().await;
    let at = key("list/video");
    let upload = blobs.begin_upload(&at, "video/mp4").await.unwrap();
    let url = blobs.sign_part(&at, &upload, 1, 5).await.unwrap().url;
    let other = blobs.begin_upload(&key("list/other"), "video/mp4").await.unwrap();
    let refused = [
        ("too small", put(&blobs, &url, b"1234").await),
        ("too large", put(&blobs, &url, b"123456").await),
        ("another key", put(&blobs, &url.replace("list/video", "list/other"), b"12345").await),
        ("another part", put(&blobs, &url.replace("partNumber=1", "partNumber=2"), b"12345").await),
        ("another upload", put(&blobs, &url.replace(&upload, &other), b"12345").await),
        ("unsigned", put(&blobs, url.split("&X-Amz-Signature").next().unwrap(), b"12345").await),
    ];
    for (what, status) in refused {
        assert!(status.is_client_error(), "{what}: {status}");
    }
    // Signed for the one key, but of the other's upload.
    let mixed = blobs.sign_part(&at, &other, 1, 5).await.unwrap().url;
    assert_eq!(put(&blobs, &mixed, b"12345").await, StatusCode::NOT_FOUND);
    assert!(blobs.parts(&at, &upload).await.unwrap().is_empty());
    assert_eq!(put(&blobs, &url, b"12345").await, StatusCode::OK);
    assert_eq!(blobs.parts(&at, &upload).await.unwrap().len(), 1);
    assert!(matches!(blobs.parts(&key("list/other"), &upload).await, Err(BlobError::NoSuchUpload)));
}

#[tokio::test]
async fn parts_that_make_no_file_are_refused_and_stay() {
    let (folder, blobs) = storage().await;
    let before = files_below(folder.path());
    let at = key("list/video");
    let upload = blobs.begin_upload(&at, "video/mp4").await.unwrap();
    assert!(matches!(blobs.complete_upload(&at, &upload, &[]).await, Err(BlobError::Refused(_))));
    for number in [1, 2] {
        let url = blobs.sign_part(&at, &upload, number, 5).await.unwrap().url;
        assert_eq!(put(&blobs, &url, b"12345").await, StatusCode::OK);
    }
    let parts = blobs.parts(&at, &upload).await.unwrap();
    // All but the last have at least 5 MiB.
    assert!(matches!(blobs.complete_upload(&at, &upload, &parts).await, Err(BlobError::Refused(_))));
    let mut backwards = parts.clone();
    backwards.reverse();
    assert!(matches!(blobs.complete_upload(&at, &upload, &backwards).await, Err(BlobError::Refused(_))));
    assert_eq!(blobs.parts(&at, &upload).await.unwrap(), parts);
    blobs.abort_upload(&at, &upload).await.unwrap();
    blobs.abort_upload(&at, &upload).await.unwrap();
    assert!(matches!(blobs.parts(&at, &upload).await, Err(BlobError::NoSuchUpload)));
    assert_eq!(files_below(folder.path()), before);
}

#[tokio::test]
async fn unsigned_requests_get_nothing() {
    let (_folder, blobs) = storage().await;
    blobs.put(Bucket::Originals, &key("a"), "image/png", Bytes::from_static(b"1")).await.unwrap();
    for (method, url) in [
        (Method::GET, "/"),
        (Method::GET, "/originals"),
        (Method::GET, "/originals/a"),
        (Method::HEAD, "/originals/a"),
        (Method::PUT, "/originals/b"),
        (Method::DELETE, "/originals/a"),
        (Method::GET, "/originals/..%2f..%2fstorage-key"),
        (Method::POST, "/originals?delete"),
    ] {
        let request = Request::builder().method(&method).uri(url).header("content-length", 0);
        let status = send(&blobs, request.body(Body::empty()).unwrap()).await;
        assert!(status.is_client_error(), "{method} {url}: {status}");
    }
    assert_eq!(read(&blobs, &key("a")).await.unwrap(), "1");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever somebody writes in place of a signed key, the file lands nowhere.
    #[test]
    fn no_other_key_is_ever_written(text in "\\PC{0,12}|(\\.\\.?/){0,4}[a-z]{0,5}|[a-z\u{0}\u{202e}/]{1,8}") {
        prop_assume!(text != "list/token");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (folder, blobs) = storage().await;
            let before = files_below(folder.path());
            let form = blobs.sign_form(&key("list/token"), 5, "image/png").await.unwrap();
            let status = post(&blobs, &form.url, &with(&form, "key", &text), b"12345").await;
            assert!(status.is_client_error(), "{text:?}: {status}");
            assert_eq!(files_below(folder.path()), before);
        });
    }
}
